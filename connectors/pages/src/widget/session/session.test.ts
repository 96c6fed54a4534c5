import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeBrowser } from "./fake-browser";
import { AT, FakeDesk, type FakeSocket, makeReply } from "./fake-desk";
import { ChatSession } from "./session";

const visitor = { locale: "en", page: "https://shop.example/" };
let desk: FakeDesk;
let browser: FakeBrowser;

beforeEach(() => {
  vi.useFakeTimers();
  desk = new FakeDesk();
  browser = new FakeBrowser();
});
afterEach(() => vi.useRealTimers());

function openTab(): { session: ChatSession; socket: FakeSocket } {
  const socket = desk.socket();
  return { session: new ChatSession(socket, browser.tab(), visitor), socket };
}

/** Lets every pending promise settle without time passing. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function texts(session: ChatSession): string[] {
  return session.entries.value.map((entry) => entry.text);
}

describe("a first visit", () => {
  test("opens no connection until someone wants to talk", () => {
    const { session, socket } = openTab();
    expect(session.resumable).toBe(false);
    expect(socket.connected).toBe(false);
  });

  test("asks for a session without an id and keeps the one it is given", () => {
    const { session, socket } = openTab();
    session.start();
    expect(socket.payloads("session_request")).toEqual([{ last_seq: 0, renews: true, ...visitor }]);
    expect(session.connection.value).toBe("online");
    expect(openTab().session.resumable).toBe(true);
  });

  test("the first words open the connection and are said once it stands", async () => {
    const { session } = openTab();
    session.say("Where is my order?");
    await settle();
    expect(desk.heard).toEqual(["Where is my order?"]);
    expect(session.unsent.value).toEqual([]);
    expect(session.entries.value).toMatchObject([{ kind: "customer", seq: 1, text: "Where is my order?" }]);
  });

  test("blank text is not a message", async () => {
    const { session } = openTab();
    session.say(" \n\t ");
    await settle();
    expect(session.unsent.value).toEqual([]);
    expect(session.connection.value).toBe("idle");
  });
});

describe("coming back after a reload", () => {
  test("shows both sides of the talk again, in order and once", async () => {
    const before = openTab();
    before.session.say("Hello");
    await settle();
    desk.reply("Hello, I'm Fern.");
    before.socket.drop();
    desk.reply("Are you still there?");

    const { session, socket } = openTab();
    session.start();
    expect(socket.payloads("session_request")).toEqual([{ session_id: "session-1", last_seq: 0, renews: true, ...visitor }]);
    expect(texts(session)).toEqual(["Hello", "Hello, I'm Fern.", "Are you still there?"]);
  });

  test("remembers what has been seen and counts the rest", async () => {
    const before = openTab();
    before.session.start();
    before.session.markSeen(desk.reply("One").metadata.seq);
    desk.reply("Two");
    const { session } = openTab();
    session.start();
    expect(session.unread.value).toBe(1);
  });

  test("sends what was written while there was no connection", async () => {
    const before = openTab();
    before.session.start();
    before.socket.drop();
    before.session.say("First");
    before.session.say("Second");
    expect(desk.heard).toEqual([]);

    const { session } = openTab();
    expect(session.unsent.value.map((message) => message.title)).toEqual(["First", "Second"]);
    session.start();
    await settle();
    expect(desk.heard).toEqual(["First", "Second"]);
    expect(openTab().session.unsent.value).toEqual([]);
  });

  test("leaves words of long ago to the customer", async () => {
    const before = openTab();
    before.session.start();
    before.socket.drop();
    before.session.say("Please cancel it right now");
    vi.advanceTimersByTime(2 * 60 * 60_000);

    const { session } = openTab();
    session.start();
    await settle();
    expect(desk.heard).toEqual([]);
    expect(session.unsent.value).toMatchObject([{ failure: { code: "stale", retry: true } }]);
    session.retry();
    await settle();
    expect(desk.heard).toEqual(["Please cancel it right now"]);
  });

  test("an id the desk no longer knows begins a clean talk and still delivers unsent words", async () => {
    const before = openTab();
    before.session.say("Old talk");
    await settle();
    desk.reply("Old answer");
    before.socket.drop();
    before.session.say("New question");
    desk.forgetSession();

    before.socket.connect();
    await settle();
    expect(texts(before.session)).toEqual(["New question"]);
    expect(before.session.connection.value).toBe("online");
    expect(desk.heard).toEqual(["New question"]);
  });

  test("two desks on one site have nothing in common", () => {
    const one = browser.tab("https://desk.example");
    const other = browser.tab("https://other.example");
    one.writeSessionId("secret");
    expect(other.readSessionId()).toBeNull();
  });
});

describe("a lost connection", () => {
  test("resumes after the last reply that arrived", async () => {
    const { session, socket } = openTab();
    session.start();
    desk.reply("One");
    socket.drop();
    desk.reply("Two");
    expect(session.connection.value).toBe("reconnecting");
    socket.connect();
    expect(socket.payloads("session_request").at(-1)).toMatchObject({ session_id: "session-1", last_seq: 1 });
    expect(texts(session)).toEqual(["One", "Two"]);
  });

  test("an acknowledgement that overtook a reply does not lose the reply", async () => {
    const { session, socket } = openTab();
    session.start();
    desk.rows.push(makeReply(1, "Still on its way"));
    socket.hear("user_uttered", { message: "Mine", id: "x", seq: 2, at: AT });
    socket.drop();
    socket.connect();
    expect(texts(session)).toEqual(["Still on its way", "Mine"]);
  });

  test("a message whose acknowledgement was lost is sent again and taken once", async () => {
    const { session } = openTab();
    session.start();
    desk.refusals.push("lost");
    session.say("Cancel order 10457");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.heard).toEqual(["Cancel order 10457"]);
    expect(texts(session)).toEqual(["Cancel order 10457"]);
    expect(session.unsent.value).toEqual([]);
  });

  test("being offline is told apart, and coming back tries at once", () => {
    const { session, socket } = openTab();
    session.start();
    session.networkChanged(false);
    socket.drop();
    expect(session.connection.value).toBe("offline");
    session.networkChanged(true);
    expect(session.connection.value).toBe("online");
  });

  test("a goodbye from the desk is not the end", () => {
    const { session, socket } = openTab();
    session.start();
    socket.drop("io server disconnect");
    expect(session.connection.value).toBe("reconnecting");
    vi.advanceTimersByTime(3_000);
    expect(session.connection.value).toBe("online");
  });

  test("a request for a session that nobody answers is made again", () => {
    const { session, socket } = openTab();
    const open = vi.spyOn(desk, "open").mockImplementationOnce(() => {});
    session.start();
    expect(session.connection.value).toBe("connecting");
    vi.advanceTimersByTime(6_000);
    expect(open).toHaveBeenCalledTimes(2);
    expect(socket.payloads("session_request")).toHaveLength(2);
    expect(session.connection.value).toBe("online");
  });
});

describe("order and repetition", () => {
  test("replies are shown by number, whatever order they arrive in, and once", () => {
    const { session, socket } = openTab();
    session.start();
    for (const seq of [3, 1, 2, 3, 1]) socket.hear("bot_uttered", makeReply(seq, `reply ${seq}`));
    expect(texts(session)).toEqual(["reply 1", "reply 2", "reply 3"]);
  });

  test("a second message waits for the first one's acknowledgement", async () => {
    const { session } = openTab();
    session.start();
    const unavailable = { error: "unavailable", detail: "", retry: true };
    desk.refusals.push(unavailable, "unheard");
    session.say("First");
    session.say("Second");
    await settle();
    expect(desk.heard).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(desk.heard).toEqual(["First", "Second"]);
  });

  test("a quick reply goes as its payload and is shown by its title, also after its own echo", async () => {
    const { session, socket } = openTab();
    session.start();
    session.say("q_81f3", "Yes, cancel it");
    await settle();
    expect(desk.heard).toEqual(["q_81f3"]);
    const [own] = session.entries.value;
    socket.hear("user_uttered", { message: "q_81f3", id: own?.kind === "customer" ? own.id : null, seq: 1, at: AT });
    expect(texts(session)).toEqual(["Yes, cancel it"]);
  });
});

describe("a refused message", () => {
  test.each(["rate_limited", "unavailable"])("%s is tried again by itself", async (error) => {
    const { session } = openTab();
    session.start();
    desk.refusals.push({ error, detail: "", retry: true });
    session.say("Hello");
    await settle();
    expect(session.unsent.value).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.heard).toEqual(["Hello"]);
  });

  test("is given up together with those behind it, and one retry sends all in order", async () => {
    const { session } = openTab();
    session.start();
    desk.refusals.push(...Array<"unheard">(6).fill("unheard"));
    session.say("First");
    session.say("Second");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(session.unsent.value.map((message) => message.failure?.code)).toEqual(["unavailable", "unavailable"]);
    expect(desk.heard).toEqual([]);
    session.retry();
    await settle();
    expect(desk.heard).toEqual(["First", "Second"]);
  });

  test("a new connection is a new chance for it", async () => {
    const { session, socket } = openTab();
    session.start();
    desk.refusals.push(...Array<"unheard">(6).fill("unheard"));
    session.say("Hello");
    await vi.advanceTimersByTimeAsync(120_000);
    socket.drop();
    socket.connect();
    await settle();
    expect(desk.heard).toEqual(["Hello"]);
  });

  test("words that can never be accepted go back to their author and hold nothing up", async () => {
    const { session } = openTab();
    session.start();
    desk.refusals.push({ error: "too_long", detail: "", retry: false });
    session.say("x".repeat(4_001));
    session.say("Short");
    await settle();
    expect(desk.heard).toEqual(["Short"]);
    const [refused] = session.unsent.value;
    expect(refused?.failure).toEqual({ code: "too_long", retry: false });
    expect(session.withdraw(refused!.id)).toHaveLength(4_001);
    expect(session.unsent.value).toEqual([]);
    expect(openTab().session.unsent.value).toEqual([]);
  });

  test("a session the desk lost on the way is asked for again, then the message is sent", async () => {
    const { session, socket } = openTab();
    session.start();
    desk.refusals.push({ error: "no_session", detail: "", retry: true });
    session.say("Hello");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(socket.payloads("session_request")).toHaveLength(2);
    expect(desk.heard).toEqual(["Hello"]);
  });
});

describe("several tabs", () => {
  test("share one session, and each shows what was said in the other", async () => {
    const one = openTab();
    one.session.start();
    const two = openTab();
    two.session.start();
    one.session.say("Hello from the first tab");
    await settle();
    desk.reply("Hello");
    expect(texts(two.session)).toEqual(["Hello from the first tab", "Hello"]);
    expect(texts(one.session)).toEqual(texts(two.session));
  });

  test("what is seen in one is seen in the other", () => {
    const one = openTab();
    one.session.start();
    const two = openTab();
    two.session.start();
    const { metadata } = desk.reply("Look");
    expect(two.session.unread.value).toBe(1);
    one.session.markSeen(metadata.seq);
    expect(two.session.unread.value).toBe(0);
  });

  test("a tab whose session was replaced by another tab's goes over to that one", () => {
    const one = openTab();
    one.session.start();
    desk.forgetSession();
    const two = openTab();
    two.session.start();
    expect(one.socket.payloads("session_request").at(-1)).toMatchObject({ session_id: desk.sessionId });
    desk.reply("Both hear this");
    expect(texts(one.session)).toEqual(["Both hear this"]);
    expect(texts(two.session)).toEqual(["Both hear this"]);
  });
});

test("tabs whose session the desk lost all end in the same new one, whoever comes back first", async () => {
  const [one, two] = [openTab(), openTab()];
  one.session.say("Of the old talk");
  two.session.start();
  await settle();
  one.socket.drop();
  two.socket.drop();
  desk.forgetSession();
  two.socket.connect();
  two.session.say("Of the new talk");
  await settle();
  one.socket.connect();
  expect(texts(one.session)).toEqual(["Of the new talk"]);
  expect(texts(two.session)).toEqual(["Of the new talk"]);
});

describe("a session whose id is replaced", () => {
  test("goes on under the new one, with what was said, in every tab", async () => {
    const [one, two] = [openTab(), openTab()];
    one.session.say("My order is 10412");
    await settle();
    two.session.start();
    desk.reply("Found it");
    desk.renew(one.socket);
    expect(desk.sessionId).toBe("session-1-renewed");
    one.session.say("Where is it?");
    two.session.say("And the other one?");
    await settle();
    for (const { session, socket } of [one, two]) {
      expect(session.connection.value).toBe("online");
      expect(socket.payloads("user_uttered").at(-1)).toMatchObject({ session_id: "session-1-renewed" });
      expect(texts(session)).toEqual(["My order is 10412", "Found it", "Where is it?", "And the other one?"]);
    }
    expect(two.socket.payloads("session_request").at(-1)).toMatchObject({ last_seq: 2 });
  });

  test("is resumed under the new one after the connection broke before it was used", () => {
    const { session, socket } = openTab();
    session.start();
    desk.reply("Found it");
    const emit = vi.spyOn(socket, "emit").mockImplementationOnce(() => undefined);
    desk.renew(socket);
    expect(desk.sessionId).toBe("session-1");
    socket.drop();
    socket.connect();
    expect(emit).toHaveBeenCalledTimes(2);
    expect(desk.sessionId).toBe("session-1-renewed");
    expect(texts(session)).toEqual(["Found it"]);
  });

  test("is resumed under the old one when the new one never arrived", () => {
    const { session, socket } = openTab();
    session.start();
    desk.reply("Found it");
    socket.drop();
    desk.renew(socket);
    socket.connect();
    expect(session.connection.value).toBe("online");
    expect(desk.sessionId).toBe("session-1");
    expect(texts(session)).toEqual(["Found it"]);
  });

  test("begins anew where nobody in the browser knows the new one", async () => {
    const { session, socket } = openTab();
    session.start();
    desk.reply("Found it");
    socket.drop();
    const elsewhere = new FakeBrowser().tab();
    elsewhere.writeSessionId("session-1");
    const other = new ChatSession(desk.socket(), elsewhere, visitor);
    other.start();
    desk.renew(desk.sockets.at(-1)!);
    expect(desk.sessionId).toBe("session-1-renewed");
    socket.connect();
    expect(session.connection.value).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.connection.value).toBe("online");
    expect(socket.payloads("session_request").at(-1)).not.toHaveProperty("session_id");
  });
});

describe("signs of life", () => {
  test("typing is said at the start, repeated while it goes on, and ended after a pause", () => {
    const { session, socket } = openTab();
    session.start();
    session.noteTyping();
    session.noteTyping();
    expect(socket.payloads("typing")).toEqual([{ on: true }]);
    vi.advanceTimersByTime(3_000);
    session.noteTyping();
    vi.advanceTimersByTime(5_000);
    expect(socket.payloads("typing")).toEqual([{ on: true }, { on: true }, { on: false }]);
  });

  test("someone's typing ends with their message, and by itself when the end was lost", () => {
    const { session, socket } = openTab();
    session.start();
    socket.hear("typing", { on: true, author: "bot", name: "Fern" });
    expect(session.typing.value?.name).toBe("Fern");
    desk.reply("Here it is");
    expect(session.typing.value).toBeNull();
    socket.hear("typing", { on: true, author: "agent", name: "Ana" });
    vi.advanceTimersByTime(10_000);
    expect(session.typing.value).toBeNull();
  });

  test("seen is told once for each newest message, and never backwards", () => {
    const { session, socket } = openTab();
    session.start();
    session.markSeen(4);
    session.markSeen(2);
    session.markSeen(4);
    expect(socket.payloads("seen")).toEqual([{ seq: 4 }]);
    socket.hear("seen", { seq: 3 });
    socket.hear("seen", { seq: 1 });
    expect(session.readSeq.value).toBe(3);
  });
});

describe("going on in Telegram", () => {
  const state = { last_seq: 1, holder: "bot", agent_name: null, handoff: null, seen_seq: 0, resumed: false };

  test("is offered once something was said, where there is a Telegram to go to, and not twice", () => {
    const { session, socket } = openTab();
    session.start();
    const offered = (change: object): boolean => {
      socket.hear("session_state", { ...state, channels: ["web"], continue_on: ["telegram"], ...change });
      return session.mayContinue.value;
    };
    expect(offered({})).toBe(true);
    expect(offered({ last_seq: 0 })).toBe(false);
    expect(offered({ continue_on: [] })).toBe(false);
    expect(offered({ channels: ["telegram", "web"] })).toBe(false);
  });

  test("an address that leads elsewhere is no link to Telegram", async () => {
    const { session } = openTab();
    session.start();
    desk.refusals.push({ url: "https://evil.example/", until: AT } as never);
    expect(await session.telegramLink()).toBeNull();
    desk.refusals.push({ url: "https://t.me/fern_bot?start=join-1", until: AT } as never);
    expect(await session.telegramLink()).toBe("https://t.me/fern_bot?start=join-1");
  });

  test("what was erased there is gone here, and the talk can begin anew", async () => {
    const { session, socket } = openTab();
    session.say("Where is my order?");
    await settle();
    socket.hear("erased", {});
    expect(session.entries.value).toEqual([]);
    session.say("Hello again");
    await settle();
    expect(texts(session)).toEqual(["Hello again"]);
  });
});
