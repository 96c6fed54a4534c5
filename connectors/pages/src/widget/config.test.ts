// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { readConfig } from "./config";

function script(data: Record<string, string> = {}): HTMLScriptElement {
  const element = document.createElement("script");
  Object.defineProperty(element, "src", { value: "https://desk.example/widget.js?v=2" });
  Object.assign(element.dataset, data);
  return element;
}

test("the desk is where the script came from", () => {
  expect(readConfig(script()).origin).toBe("https://desk.example");
});

test("nothing said means the widget's own choice", () => {
  expect(readConfig(script())).toMatchObject({
    title: null,
    color: null,
    position: "right",
    theme: null,
    open: false,
    launcher: true,
  });
});

test("everything can be said", () => {
  const data = {
    title: " Help ",
    starters: "One | Two|",
    color: "#2A7",
    position: "left",
    theme: "dark",
    open: "",
    launcher: "false",
  };
  expect(readConfig(script(data))).toMatchObject({
    title: "Help",
    starters: ["One", "Two"],
    color: "#22aa77",
    position: "left",
    theme: "dark",
    open: true,
    launcher: false,
  });
});

test.each(["red", "#12", "#12345g", "url(x)", "#fff; } * { display: none"])("%s is no colour", (color) => {
  expect(readConfig(script({ color })).color).toBeNull();
});
