import { describe, expect, test } from "vitest";
import { hashOf, routeOf, type Route } from "./route";

describe("route", () => {
  test.each<[string, Route]>([
    ["#/queue", { tab: "queue", conversationId: null, details: false }],
    ["#/mine/c_1", { tab: "mine", conversationId: "c_1", details: false }],
    ["#/bot/c_1/details", { tab: "bot", conversationId: "c_1", details: true }],
    ["#/closed/a%2Fb", { tab: "closed", conversationId: "a/b", details: false }],
  ])("%s is read and written the same", (hash, route) => {
    expect(routeOf(hash)).toEqual(route);
    expect(hashOf(route)).toBe(hash);
  });

  test.each(["", "#", "#/nowhere", "#/queue/%E0%A4%A"])("%s leads to the queue", (hash) => {
    expect(routeOf(hash)).toEqual({ tab: "queue", conversationId: null, details: false });
  });
});
