import { describe, expect, test } from "vitest";
import { fileAddress, splitLinks, webAddress } from "./links";

const links = (text: string): string[] => splitLinks(text).flatMap((part) => part.href ?? []);

describe("splitLinks", () => {
  test("keeps every character of the message", () => {
    const text = "See https://juniperandfinch.example/returns. Or (http://a.example/b_(c)), twice!";
    expect(
      splitLinks(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });
  test.each([
    ["Read https://a.example/x.", "https://a.example/x"],
    ["(see http://a.example/x)", "http://a.example/x"],
    ["https://a.example/b_(c) is it", "https://a.example/b_(c)"],
    ["HTTPS://A.example/x?y=1&z=2#t", "https://a.example/x?y=1&z=2#t"],
  ])("%s", (text, href) => expect(links(text)).toEqual([href]));
  test.each(["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "www.a.example", "https://", "//a.example"])(
    "%s is no link",
    (text) => expect(links(text)).toEqual([]),
  );
});

describe("webAddress", () => {
  test("a path is the desk's own", () => {
    expect(webAddress("/labels/RT-1.pdf", "https://desk.example")).toBe("https://desk.example/labels/RT-1.pdf");
  });
  test.each([
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "blob:https://a.example/1",
    "file:///etc/passwd",
  ])("%j leads nowhere", (address) => expect(webAddress(address, "https://desk.example")).toBeNull());
});

test("the desk's files come from where this page reaches the desk, everything else from where it is", () => {
  expect(fileAddress("https://known-as.example/files/f_1.ab", "https://desk.example")).toBe("https://desk.example/files/f_1.ab");
  expect(fileAddress("https://carrier.example/label.pdf", "https://desk.example")).toBe("https://carrier.example/label.pdf");
});
