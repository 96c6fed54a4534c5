import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DeskError } from "../api/errors";
import { FakeGateway } from "../testing/fake_gateway";
import { MemoryStorage } from "../testing/memory_storage";
import { ana, asHolder, ben, mayas, message } from "../testing/people";
import { Alerts, type Bells } from "./alerts";
import type { Desk } from "./desk";
import { Preferences } from "./preferences";
import { Session } from "./session";
import { deskOf } from "./signed_in";

let gateway: FakeGateway;
let session: Session;
let desk: Desk;
let hash: string;
let rung: string[];

const bells: Bells = {
  notify: (title) => void rung.push(title),
  chime: () => void rung.push("chime"),
  allowNotifications: async () => true,
  looking: () => false,
};

beforeEach(async () => {
  vi.useFakeTimers();
  hash = "";
  rung = [];
  gateway = new FakeGateway();
  gateway.add(mayas(), [message(1)]);
  session = new Session(gateway.http);
  const preferences = new Preferences(new MemoryStorage());
  preferences.choose({ notifications: true });
  const current = deskOf({
    http: gateway.http,
    live: gateway.live,
    session,
    alerts: new Alerts(preferences, bells),
    storage: new MemoryStorage(),
    address: {
      read: () => hash,
      write: (next) => {
        hash = next;
        current.value?.followAddress();
      },
    },
  });
  await session.resume();
  desk = current.value!;
  gateway.live.events.connected();
  await settled();
});

afterEach(() => vi.useRealTimers());

/** Lets every answer that is under way arrive, without moving the clock far enough for any timer of the desk. */
async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1);
}

async function opened(id = "c_maya"): Promise<void> {
  desk.go({ conversationId: id });
  await settled();
}

async function claimed(): Promise<void> {
  await opened();
  await desk.claim("c_maya");
  await settled();
}

function words(): string[] {
  return desk.talk.value!.messages.value.map((one) => one.text);
}

describe("an offer", () => {
  const offerTo = (agent: typeof ana) =>
    mayas({ ticket: { ...mayas().ticket!, offer: { agent: asHolder(agent)!, until: "2026-03-10T09:01:00Z" } } });

  test("to me calls me, once, and heads the page", () => {
    gateway.live.events.conversation(offerTo(ana));
    gateway.live.events.conversation({ ...offerTo(ana), unread: 2 });
    expect(rung).toEqual(["A customer is offered to you"]);
    expect(desk.lists.offeredToMe().map((one) => one.id)).toEqual(["c_maya"]);
  });

  test("to a colleague leaves me in peace", () => {
    gateway.live.events.conversation(offerTo(ben));
    expect(rung).toEqual([]);
    expect(desk.lists.offeredToMe()).toEqual([]);
  });

  test("is gone from my page when I decline it, and may be declined no more", async () => {
    gateway.change("c_maya", { ticket: offerTo(ana).ticket });
    gateway.live.events.conversation(offerTo(ana));
    await desk.decline("c_maya");
    expect(desk.lists.offeredToMe()).toEqual([]);
    await desk.decline("c_maya");
    expect(desk.toast.value).toContain("isn't offered to you any more");
  });

  test("is gone from my page when somebody has claimed it", () => {
    gateway.live.events.conversation(offerTo(ana));
    gateway.live.events.conversation(mayas({ holder: "agent", agent: asHolder(ben), epoch: 2 }));
    expect(desk.lists.offeredToMe()).toEqual([]);
  });
});

test("being set away by the desk shows at once, with its reason", () => {
  gateway.live.events.agent({ agent: { ...ana, present: false, away_reason: "Three offers went by." } });
  expect(session.agent.value).toMatchObject({ present: false, away_reason: "Three offers went by." });
});

describe("claiming", () => {
  test("the winner holds the conversation and finds it among their own", async () => {
    await claimed();
    expect(desk.isMine(desk.current.value)).toBe(true);
    expect(desk.route.value).toMatchObject({ tab: "mine", conversationId: "c_maya" });
    expect(desk.talk.value?.notice.value).toBeNull();
  });

  test("the loser reads who was faster, and sees the conversation with them", async () => {
    gateway.rival = ben;
    await claimed();
    expect(desk.talk.value?.notice.value).toEqual({ kind: "lost_race", text: "Ben got there first and is answering now." });
    expect(desk.current.value?.agent?.name).toBe("Ben");
    expect(desk.route.value.tab).toBe("queue");
  });

  test("from the list it is opened first", async () => {
    await desk.claim("c_maya");
    await settled();
    expect(desk.talk.value?.id).toBe("c_maya");
    expect(desk.isMine(desk.current.value)).toBe(true);
  });

  test("a colleague's conversation is not asked for", async () => {
    gateway.change("c_maya", { holder: "agent", agent: asHolder(ben), epoch: 2 });
    await claimed();
    expect(gateway.requests).not.toContain("POST /api/conversations/c_maya/claim");
  });

  test("when the gateway can't be reached, that is what is said", async () => {
    await opened();
    gateway.isDown = true;
    await desk.claim("c_maya");
    expect(desk.talk.value?.notice.value?.kind).toBe("failed");
  });
});

describe("losing a conversation", () => {
  beforeEach(claimed);

  test("a colleague who takes it over is named", () => {
    gateway.live.events.conversation(mayas({ holder: "agent", agent: asHolder(ben), epoch: 5 }));
    expect(desk.talk.value?.notice.value).toEqual({ kind: "taken_over", text: "Ben has taken over this conversation." });
  });

  test("a lost lease is explained in the gateway's words, in whatever order the events come", () => {
    gateway.live.events.conversation(mayas({ epoch: 5 }));
    gateway.live.events.lease_lost({ conversation_id: "c_maya", detail: "You didn't reply in time." });
    expect(desk.talk.value?.notice.value).toEqual({ kind: "lease_lost", text: "You didn't reply in time." });
  });

  test("while another conversation is open it is said in passing", async () => {
    gateway.add(mayas({ id: "c_omar" }), [message(1)]);
    await opened("c_omar");
    gateway.live.events.conversation(mayas({ holder: "agent", agent: asHolder(ben), epoch: 5 }));
    expect(desk.toast.value).toBe("Maya: Ben has taken over this conversation.");
    expect(desk.talk.value?.notice.value).toBeNull();
  });

  test("handing back oneself is no loss", async () => {
    const done = desk.actions.handBack("I refunded the throw.");
    gateway.live.events.conversation(mayas({ holder: "bot", epoch: 9 }));
    expect(desk.talk.value?.notice.value).toBeNull();
    await done;
    expect(desk.toast.value).toBe("Maya is with the bot again.");
  });

  test("the draft stays", () => {
    desk.typed("c_maya", "I was about to say");
    gateway.live.events.conversation(mayas({ epoch: 5 }));
    expect(desk.drafts.of("c_maya")).toBe("I was about to say");
  });

  test("the words of a file that is refused for it are the draft again, before what was typed since", async () => {
    await claimed();
    vi.spyOn(gateway.http, "sendFile").mockRejectedValue(new DeskError(409, "not_yours", "Ben is answering now."));
    desk.attachments.choose("c_maya", [new File(["%PDF-"], "label.pdf")]);
    desk.send("c_maya", "Your label.");
    desk.typed("c_maya", "And the lamp");
    await settled();
    expect(desk.drafts.of("c_maya")).toBe("Your label.\nAnd the lamp");
    expect(desk.attachments.of("c_maya").map(({ state }) => state)).toEqual(["refused"]);
  });
});

describe("the open conversation", () => {
  test("is watched from its last message on", async () => {
    await opened();
    expect(gateway.live.said).toContain("watch c_maya 1");
  });

  test("leaving it ends the watch", async () => {
    await opened();
    desk.go({ conversationId: null });
    expect(gateway.live.said).toContain("unwatch c_maya");
    expect(desk.talk.value).toBeNull();
  });

  test("a live message is shown once, even when a replay brings it again", async () => {
    await opened();
    const said = { conversation_id: "c_maya", message: message(2) };
    gateway.live.events.message(said);
    gateway.live.events.message(said);
    expect(words()).toEqual(["line 1", "line 2"]);
  });

  test("a message of another conversation is not mixed in", async () => {
    await opened();
    gateway.live.events.message({ conversation_id: "c_omar", message: message(2) });
    expect(words()).toEqual(["line 1"]);
  });

  test("what is missing before a live message is fetched", async () => {
    await opened();
    gateway.conversations.get("c_maya")!.messages.push(message(2), message(3));
    gateway.live.events.message({ conversation_id: "c_maya", message: message(3) });
    await settled();
    expect(gateway.requests).toContain("GET /api/conversations/c_maya/messages?after=1");
    expect(words()).toEqual(["line 1", "line 2", "line 3"]);
  });

  test("one that does not exist is said to be missing", async () => {
    await opened("c_nobody");
    expect(desk.talk.value?.status.value).toBe("missing");
  });

  test("typing fades by itself", async () => {
    await opened();
    gateway.live.events.typing({ conversation_id: "c_maya", on: true, author: "customer", name: null });
    expect(desk.talk.value?.typing.value?.author).toBe("customer");
    await vi.advanceTimersByTimeAsync(8_000);
    expect(desk.talk.value?.typing.value).toBeNull();
  });

  test("reading is told to the customer once, and only by who answers", async () => {
    await opened();
    desk.sawUpTo(1);
    expect(gateway.live.said).not.toContain("seen c_maya 1");
    await desk.claim("c_maya");
    desk.sawUpTo(1);
    desk.sawUpTo(1);
    expect(gateway.live.said.filter((one) => one === "seen c_maya 1")).toHaveLength(1);
  });
});

describe("a long conversation", () => {
  const seqs = (): number[] => desk.talk.value!.messages.value.map((one) => one.seq);

  beforeEach(async () => {
    gateway.add(mayas({ id: "c_long", last_seq: 620 }), Array.from({ length: 620 }, (_, index) => message(index + 1)));
    await opened("c_long");
  });

  test("begins with its latest part; earlier ones come a page at a time, to the beginning", async () => {
    expect([seqs()[0], seqs().length]).toEqual([121, 500]);
    const talk = desk.talk.value!;
    await desk.loadEarlier(talk);
    expect([seqs()[0], seqs().length]).toEqual([21, 600]);
    await desk.loadEarlier(talk);
    const asked = gateway.requests.length;
    await desk.loadEarlier(talk);
    expect([seqs()[0], seqs().length, gateway.requests.length]).toEqual([1, 620, asked]);
  });

  test("keeps what is on screen when an earlier page can't be loaded, and can try again", async () => {
    const talk = desk.talk.value!;
    gateway.isDown = true;
    await desk.loadEarlier(talk);
    expect([talk.earlier.value, seqs().length]).toEqual(["failed", 500]);
    gateway.isDown = false;
    await desk.loadEarlier(talk);
    expect([talk.earlier.value, seqs().length]).toEqual(["idle", 600]);
  });
});

test("what comes back from snoozing is announced once", async () => {
  const mine = { holder: "agent", agent: asHolder(ana), epoch: 2 } as const;
  gateway.live.events.conversation(gateway.change("c_maya", { ...mine, snooze: { until: "2026-03-10T10:00:00Z", note: null }, updated_at: "2026-03-10T09:30:00Z" }));
  rung = [];
  const back = gateway.change("c_maya", { ...mine, snooze: null, updated_at: "2026-03-10T10:00:00Z" });
  gateway.live.events.conversation(back);
  gateway.live.events.conversation(back);
  expect(desk.toast.value).toBe("Maya is back from snoozing.");
  expect(rung.filter((title) => title === "Back from snoozing")).toHaveLength(1);
});

describe("after the line was down", () => {
  test("everything that happened meanwhile is there, and nothing twice", async () => {
    await opened();
    gateway.live.events.dropped();
    expect(desk.line.value).toBe("reconnecting");
    gateway.conversations.get("c_maya")!.messages.push(message(2, { author: "bot" }));
    gateway.add(mayas({ id: "c_omar" }));
    gateway.live.events.connected();
    gateway.live.events.message({ conversation_id: "c_maya", message: message(2, { author: "bot" }) });
    await settled();
    expect(desk.line.value).toBe("live");
    expect(gateway.live.said.filter((one) => one === "watch c_maya 1")).toHaveLength(2);
    expect(words()).toEqual(["line 1", "line 2"]);
    expect(desk.lists.rows("queue")).toHaveLength(2);
  });

  test("what was sent meanwhile arrives once", async () => {
    await claimed();
    gateway.isDown = true;
    desk.send("c_maya", "are you there?");
    await settled();
    expect(desk.outgoing.of("c_maya")).toMatchObject([{ state: "failed", text: "are you there?" }]);
    gateway.isDown = false;
    gateway.live.events.connected();
    await settled();
    expect(words()).toEqual(["line 1", "are you there?"]);
    expect(desk.outgoing.of("c_maya")).toEqual([]);
  });

  test("a message whose answer got lost is not shown beside itself", async () => {
    await claimed();
    desk.send("c_maya", "hello");
    const id = desk.outgoing.of("c_maya")[0]!.id;
    gateway.live.events.message({ conversation_id: "c_maya", message: message(2, { author: "agent", text: "hello", client_id: id }) });
    expect(desk.outgoing.of("c_maya")).toEqual([]);
    await settled();
    expect(words()).toEqual(["line 1", "hello"]);
  });

  test("the agent is as the gateway has them: away, when they were gone too long", () => {
    gateway.live.events.hello({ agent: { ...ana, present: false }, counts: { queue: 3, mine: 0, snoozed: 0, agent: 0, bot: 0 } });
    expect(session.agent.value?.present).toBe(false);
    expect(desk.lists.counts.value.queue).toBe(3);
  });

  test("a watch that the gateway could not take down is asked for again", async () => {
    await opened();
    gateway.live.events.error_notice({ error: "unavailable", detail: "Trying again." });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(gateway.live.said.filter((one) => one === "watch c_maya 1")).toHaveLength(2);
  });

  test("a gateway that turns the line away is asked again until it takes it", async () => {
    gateway.isDown = true;
    gateway.live.events.refused();
    await vi.advanceTimersByTimeAsync(8_000);
    const opens = (): number => gateway.live.said.filter((one) => one === "open").length;
    expect(opens()).toBe(1);
    gateway.isDown = false;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(opens()).toBe(2);
  });
});

describe("an ended session", () => {
  test("shows the sign-in page with the reason, and the same agent finds the draft again", async () => {
    await claimed();
    desk.typed("c_maya", "half a sen");
    gateway.live.events.signed_out();
    expect(session.status.value).toBe("out");
    expect(session.reason.value).toContain("what you typed is still here");
    await session.signIn(ana.email, "pw");
    expect(desk.drafts.of("c_maya")).toBe("half a sen");
    expect(gateway.live.said.at(-1)).toBe("open");
  });

  test("found out while sending keeps the message and sends it after signing in", async () => {
    await claimed();
    gateway.signedIn = null;
    desk.send("c_maya", "kept for later");
    await settled();
    expect(session.status.value).toBe("out");
    gateway.signedIn = ana;
    await session.signIn(ana.email, "pw");
    gateway.live.events.connected();
    await settled();
    expect(words()).toContain("kept for later");
  });

  test("signing out oneself leaves nothing behind", async () => {
    desk.typed("c_maya", "secret");
    await session.signOut();
    desk.forget();
    expect(desk.drafts.of("c_maya")).toBe("");
    expect(session.reason.value).toBe("");
  });
});

describe("calling the agent", () => {
  test("when somebody begins to wait, once", () => {
    const waiting = mayas({ id: "c_tom" });
    gateway.live.events.conversation(waiting);
    gateway.live.events.conversation({ ...waiting, updated_at: "2026-03-10T09:01:00Z" });
    expect(rung).toEqual(["Someone is waiting"]);
  });

  test("not for who was waiting before, whatever list is in front", async () => {
    gateway.add(mayas({ id: "c_tom" }));
    desk.go({ tab: "closed" });
    gateway.live.events.connected();
    await settled();
    gateway.live.events.conversation(mayas({ id: "c_tom", updated_at: "2026-03-10T09:01:00Z" }));
    expect(rung).toEqual([]);
  });

  test("when a customer of theirs writes", async () => {
    await claimed();
    rung = [];
    const mine = gateway.summary("c_maya");
    gateway.live.events.conversation({ ...mine, last_seq: 2, last_message: { ...mine.last_message!, seq: 2, text: "hello?" } });
    expect(rung).toEqual(["Maya wrote"]);
  });

  test("when a conversation is given to them", () => {
    gateway.live.events.conversation(mayas({ id: "c_tom", holder: "agent", agent: asHolder(ana), epoch: 2 }));
    expect(rung).toEqual(["A conversation is yours to answer"]);
  });

  test("not for what is between a colleague and a customer", () => {
    gateway.live.events.conversation(mayas({ id: "c_tom", holder: "agent", agent: asHolder(ben), epoch: 2, last_seq: 7 }));
    expect(rung).toEqual([]);
  });
});
