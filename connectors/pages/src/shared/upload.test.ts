import { expect, test } from "vitest";
import { fileSize } from "./upload";

test("sizes are told as people tell them", () => {
  expect([12, 340 * 1024, 2.1 * 1024 * 1024].map(fileSize)).toEqual(["1 KB", "340 KB", "2.1 MB"]);
});
