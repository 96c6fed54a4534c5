import { describe, expect, test } from "vitest";
import { MemoryStorage } from "../testing/memory_storage";
import { Drafts } from "./drafts";

describe("drafts", () => {
  test("survive a reload, one a conversation", () => {
    const storage = new MemoryStorage();
    const drafts = new Drafts(storage, "a_ana");
    drafts.set("c_maya", "for Maya");
    drafts.set("c_omar", "for Omar");
    drafts.set("c_omar", "");
    const again = new Drafts(storage, "a_ana");
    expect([again.of("c_maya"), again.of("c_omar")]).toEqual(["for Maya", ""]);
  });

  test("are not shown to the next agent at the same computer", () => {
    const storage = new MemoryStorage();
    new Drafts(storage, "a_ana").set("c_maya", "private");
    expect(new Drafts(storage, "a_ben").of("c_maya")).toBe("");
  });

  test("live on in the page when storage is full or broken", () => {
    const storage = new MemoryStorage();
    storage.setItem("frontdesk.drafts.a_ana", "{not json");
    storage.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    const drafts = new Drafts(storage, "a_ana");
    drafts.set("c_maya", "still here");
    expect(drafts.of("c_maya")).toBe("still here");
  });
});
