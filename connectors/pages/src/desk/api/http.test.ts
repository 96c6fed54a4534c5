import { beforeEach, expect, test } from "vitest";
import { ana, ben, mayas, message } from "../testing/people";
import { DeskError } from "./errors";
import { DeskHttp } from "./http";

type Sent = { url: string; init: RequestInit };
let sent: Sent[];
let answers: (Response | Error)[];
let http: DeskHttp;

beforeEach(() => {
  sent = [];
  answers = [];
  http = new DeskHttp(async (url, init) => {
    sent.push({ url: String(url), init: init ?? {} });
    const next = answers.shift() ?? new Error("the test expected no request");
    if (next instanceof Error) throw next;
    return next;
  });
});

const reply = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });
const header = (one: Sent | undefined, name: string): string | undefined => (one?.init.headers as Record<string, string>)[name];
const failure = async (promise: Promise<unknown>): Promise<DeskError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeskError)) throw new Error("expected a DeskError");
  return error;
};

async function signedIn(csrf = "token-1"): Promise<void> {
  answers.push(reply(200, { agent: ana, csrf }));
  await http.signIn("ana@example.com", "pw");
}

test("writes carry the session's token, reads do not", async () => {
  await signedIn();
  answers.push(reply(201, { message: message(2) }), reply(200, { messages: [] }));
  await http.send("c_maya", "uuid", "hello");
  await http.messagesAfter("c_maya", 1);
  expect(header(sent[1], "X-CSRF-Token")).toBe("token-1");
  expect(JSON.parse(String(sent[1]?.init.body))).toEqual({ id: "uuid", text: "hello" });
  expect(header(sent[2], "X-CSRF-Token")).toBeUndefined();
});

test("an id is never taken for a path", async () => {
  answers.push(reply(404, { error: "not_found", detail: "No." }));
  await failure(http.detail("../session"));
  expect(sent[0]?.url).toBe("/api/conversations/..%2Fsession");
});

test("a token that another tab made stale is renewed, and the write done once", async () => {
  await signedIn("old");
  answers.push(reply(403, { error: "forbidden", detail: "Token." }), reply(200, { agent: ana, csrf: "new" }), reply(200, { conversation: mayas() }));
  await http.claim("c_maya", 1);
  expect(sent.map((one) => header(one, "X-CSRF-Token")).slice(1)).toEqual(["old", undefined, "new"]);
});

test("what the role forbids is not tried again", async () => {
  await signedIn("same");
  answers.push(reply(403, { error: "forbidden", detail: "The role agent does not allow this." }), reply(200, { agent: ana, csrf: "same" }));
  expect((await failure(http.takeOver("c_maya", 1))).message).toBe("The role agent does not allow this.");
});

test("nothing is done in the name of an agent who signed in in another tab", async () => {
  await signedIn();
  let ended = false;
  http.onSignedOut = () => (ended = true);
  answers.push(reply(403, { error: "forbidden", detail: "Token." }), reply(200, { agent: ben, csrf: "bens" }));
  await failure(http.claim("c_maya", 1));
  expect(ended).toBe(true);
  expect(answers).toEqual([]);
});

test("the session's end is noticed on any request, but wrong credentials are no end", async () => {
  let ended = 0;
  http.onSignedOut = () => (ended += 1);
  answers.push(reply(401, { error: "bad_credentials", detail: "They don't match." }), reply(401, { error: "signed_out", detail: "Sign in." }));
  expect((await failure(http.signIn("ana@example.com", "no"))).signedOut).toBe(false);
  expect(ended).toBe(0);
  await failure(http.colleagues());
  expect(ended).toBe(1);
});

test("no answer at all is offline, and worth another try", async () => {
  answers.push(new TypeError("Failed to fetch"));
  expect(await failure(http.colleagues())).toMatchObject({ status: 0, code: "offline", passing: true });
});

test("a conflict carries the winner and is not worth the same try again", async () => {
  answers.push(reply(409, { error: "conflict", detail: "Ben has it.", winner: "Ben", holder: "agent", epoch: 2 }));
  const error = await failure(http.claim("c_maya", 1));
  expect(error).toMatchObject({ conflict: true, passing: false });
  expect(error.body.winner).toBe("Ben");
});

test.each([
  [502, "The desk has a problem on its side. Try again in a moment."],
  [413, "That is too long to send."],
])("a proxy's page with status %i becomes words", async (status, words) => {
  answers.push(new Response("<h1>Bad Gateway</h1>", { status }));
  expect((await failure(http.colleagues())).message).toBe(words);
});

test("a transfer without an agent is to the queue, and says nothing of an agent", async () => {
  answers.push(reply(200, { conversation: mayas() }));
  await http.transfer("c_maya", 3, null, "");
  expect(JSON.parse(String(sent[0]?.init.body))).toEqual({ epoch: 3 });
});

test.each([
  [{ team: "billing" }, { epoch: 3, team: "billing", note: "charged twice" }],
  [{ agent: { id: "a_ben", name: "Ben" } }, { epoch: 3, agent_id: "a_ben", note: "charged twice" }],
] as const)("a transfer names an agent or a team: %o", async (to, body) => {
  answers.push(reply(200, { conversation: mayas() }));
  await http.transfer("c_maya", 3, to, "charged twice");
  expect(JSON.parse(String(sent[0]?.init.body))).toEqual(body);
});

test("the gateway's clock is read from its answers", async () => {
  const ahead = new Date(Date.now() + 3_600_000);
  answers.push(reply(200, { agents: [] }, { Date: ahead.toUTCString() }));
  await http.colleagues();
  expect(Math.round(http.clockSkew / 60_000)).toBe(60);
});
