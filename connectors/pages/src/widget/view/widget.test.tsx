// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { cleanup, configure, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeBrowser } from "../session/fake-browser";
import { FakeDesk, type FakeSocket } from "../session/fake-desk";
import { ChatSession } from "../session/session";
import { chooseLanguage } from "../texts";
import type { Chat } from "./context";
import { Widget } from "./Widget";

configure({ asyncUtilTimeout: 30_000 }); // a busy machine is no failure

let desk: FakeDesk;
let socket: FakeSocket;
let chat: Chat;

beforeEach(() => {
  desk = new FakeDesk();
  socket = desk.socket();
  const session = new ChatSession(socket, new FakeBrowser().tab(), { locale: "en", page: "https://shop.example/" });
  chat = {
    session,
    config: {
      origin: "https://desk.example",
      title: null,
      greeting: null,
      starters: [],
      color: null,
      position: "right",
      locale: null,
      theme: null,
      open: false,
      launcher: true,
    },
    language: chooseLanguage(["en"]),
    open: signal(true),
    phone: signal(false),
    draft: signal(""),
  };
  session.start();
});
afterEach(cleanup);

const show = () => render(<Widget chat={chat} />);
const field = (): HTMLTextAreaElement => screen.getByRole("textbox");

function write(text: string): void {
  fireEvent.input(field(), { target: { value: text } });
}

describe("writing", () => {
  test("Enter sends, and the field is empty again", async () => {
    show();
    write("Where is order 10412?");
    fireEvent.keyDown(field(), { key: "Enter" });
    await waitFor(() => expect(desk.heard).toEqual(["Where is order 10412?"]));
    expect(field().value).toBe("");
  });

  test("Shift and Enter, or an input method's Enter, send nothing", () => {
    show();
    write("First line");
    fireEvent.keyDown(field(), { key: "Enter", shiftKey: true });
    fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
    expect(field().value).toBe("First line");
    expect(desk.heard).toEqual([]);
  });

  test("4,001 characters stay in the field with the reason, 4,000 go", async () => {
    show();
    write("x".repeat(4_001));
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(screen.getByText(/1 characters too many/)).toBeTruthy();
    expect(field().value).toHaveLength(4_001);
    write("🪶".repeat(4_000));
    fireEvent.keyDown(field(), { key: "Enter" });
    await waitFor(() => expect(desk.heard).toEqual(["🪶".repeat(4_000)]));
  });

  test("words that were refused can be had back", async () => {
    desk.refusals.push({ error: "malformed", detail: "", retry: false });
    show();
    write("Odd words");
    fireEvent.keyDown(field(), { key: "Enter" });
    fireEvent.click(await screen.findByRole("button", { name: "Edit" }));
    await waitFor(() => expect(field().value).toBe("Odd words"));
    expect(chat.session.unsent.value).toEqual([]);
  });
});

describe("an offer that a second question follows", () => {
  const choice = (title: string) => ({ title, payload: `q_${title}` });

  test("can still be taken, and then neither is asked any more", async () => {
    show();
    desk.reply("Would you like a person?", { quick_replies: [choice("Yes, a person"), choice("No, go on")] });
    desk.reply("Which order is it?", { quick_replies: [choice("FD-10412")] });
    expect(await screen.findByRole("button", { name: "FD-10412" })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Yes, a person" }));
    await waitFor(() => expect(desk.heard).toEqual(["q_Yes, a person"]));
    expect(screen.queryByRole("button", { name: "FD-10412" })).toBeNull();
    expect(screen.queryByRole("button", { name: "No, go on" })).toBeNull();
  });
});

describe("the way to a person", () => {
  test("is one press of a button that stays until it is heard", async () => {
    show();
    fireEvent.click(screen.getByRole("button", { name: "Talk to a person" }));
    await waitFor(() => expect(desk.heard).toEqual(["/human"]));
    expect(screen.queryByText("/human")).toBeNull();
    expect(screen.getByRole("button", { name: "Talk to a person" })).toBeTruthy();
  });

  test.each(["queue", "agent"] as const)("needs no button once the %s has the talk", async (holder) => {
    show();
    socket.hear("session_state", { last_seq: 0, holder, agent_name: null, handoff: null, seen_seq: 0, resumed: true });
    await waitFor(() => expect(screen.queryByRole("button", { name: "Talk to a person" })).toBeNull());
  });

  test("a wait shows the place in line and the time as they are now", async () => {
    show();
    const handoff = { state: "queued" as const, position: 3, eta_minutes: [4, 8] as [number, number] };
    desk.reply("You are number 3.", { metadata: { author: "system", name: null, handoff } as never });
    socket.hear("session_state", {
      last_seq: 1,
      holder: "queue",
      agent_name: null,
      handoff: { ...handoff, position: 1, eta_minutes: [1, 2] },
      seen_seq: 0,
      resumed: true,
    });
    expect(await screen.findByText("You're next")).toBeTruthy();
    expect(screen.getByText("1–2 min")).toBeTruthy();
    expect(screen.queryByText("You are number 3.")).toBeNull();
  });
});

describe("the end of a handoff", () => {
  test.each([
    ["Ana", "The chat with a person has ended"],
    [undefined, "You've left the queue"],
  ])("with %s as its agent reads “%s”", async (agent, title) => {
    show();
    const handoff = { state: "ended" as const, ticket: "T-1001", agent };
    desk.reply("The bot is listening again.", { metadata: { author: "system", name: null, handoff } as never });
    expect(await screen.findByText(title)).toBeTruthy();
  });
});

describe("waiting", () => {
  const wait = { state: "queued" as const, position: 2, eta_minutes: null, kept: 0 };
  const hearState = (holder: string, kept: number): void =>
    socket.hear("session_state", {
      last_seq: 1,
      holder,
      agent_name: null,
      handoff: { ...wait, kept },
      seen_seq: 0,
      resumed: true,
    });

  test("can be left at any time, also after more was said", async () => {
    show();
    const leave = [{ title: "Leave the queue", content_type: "text" as const, payload: "q_9" }];
    desk.reply("You are number 2.", { quick_replies: leave, metadata: { author: "system", handoff: wait } as never });
    hearState("queue", 0);
    write("It is the blue one");
    fireEvent.keyDown(field(), { key: "Enter" });
    desk.reply("Three to five days.");
    hearState("queue", 1);
    expect(await screen.findByText("1 message kept for the person")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Leave the queue" }));
    await waitFor(() => expect(desk.heard).toEqual(["It is the blue one", "q_9"]));
    hearState("bot", 0);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Leave the queue" })).toBeNull());
  });
});

describe("quick replies", () => {
  test("send their payload, show their title and are gone", async () => {
    show();
    desk.reply("Cancel it?", { quick_replies: [{ title: "Yes, cancel it", payload: "q_7" }] });
    fireEvent.click(await screen.findByRole("button", { name: "Yes, cancel it" }));
    await waitFor(() => expect(desk.heard).toEqual(["q_7"]));
    expect(screen.queryByRole("button", { name: "Yes, cancel it" })).toBeNull();
    expect(screen.getByText("Yes, cancel it")).toBeTruthy();
  });
});

describe("what others wrote is text and nothing else", () => {
  test.each(["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", '"><svg onload=alert(1)>', "&lt;b&gt;"])(
    "%s",
    async (text) => {
      const { container } = show();
      desk.reply(text);
      expect(await screen.findByText(text)).toBeTruthy();
      expect(container.querySelector(".log img, .log script, .log svg[onload]")).toBeNull();
    },
  );

  test("an attachment that leads nowhere safe is only its title", async () => {
    const { container } = show();
    desk.reply("Label", { attachment: { type: "link", payload: { src: "javascript:alert(1)", title: "Your label" } } });
    expect(await screen.findByText("Your label")).toBeTruthy();
    expect(container.querySelector("a")).toBeNull();
  });

  test("a link opens elsewhere and knows nothing of this page", async () => {
    show();
    desk.reply("See https://juniperandfinch.example/returns.");
    const link = await screen.findByRole("link");
    expect(link.getAttribute("href")).toBe("https://juniperandfinch.example/returns");
    expect(link.getAttribute("rel")).toContain("noopener");
  });
});

describe("open and closed", () => {
  test("opening by hand puts the cursor into the field, being open from the start does not", async () => {
    show();
    expect(document.activeElement).toBe(document.body);
    fireEvent.click(screen.getAllByRole("button", { name: "Close chat" })[0]!);
    fireEvent.click(await screen.findByRole("button", { name: "Open chat" }));
    await waitFor(() => expect(document.activeElement).toBe(field()));
  });

  test("Escape closes and the launcher has the focus", async () => {
    show();
    fireEvent.keyDown(field(), { key: "Escape" });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Open chat" })));
  });

  test("closed, it counts what has not been seen and says it aloud", async () => {
    chat.open.value = false;
    show();
    desk.reply("Your parcel is on its way.");
    expect(await screen.findByRole("button", { name: "Open chat, 1 unread message" })).toBeTruthy();
    expect(screen.getByRole("status").textContent).toBe("New message from Fern: Your parcel is on its way.");
  });
});
