/** Why a request to the gateway failed. `status` is 0 when no answer came at all. */
export class DeskError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
    this.name = "DeskError";
  }

  get signedOut(): boolean {
    return this.status === 401 && this.code !== "bad_credentials";
  }

  /** The same request may succeed a little later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** Somebody else was faster: the conversation is not what the caller saw. */
  get conflict(): boolean {
    return this.status === 409;
  }
}

const OFFLINE = "The desk can't be reached. Check your connection.";

export function offline(): DeskError {
  return new DeskError(0, "offline", OFFLINE);
}

/** Turns an answer that is not 2xx into the error it carries, or into plain words for its status. */
export async function errorOf(response: Response): Promise<DeskError> {
  const body = await bodyOf(response);
  const code = typeof body.error === "string" ? body.error : `http_${response.status}`;
  const detail = typeof body.detail === "string" && body.detail ? body.detail : wordsFor(response.status);
  return new DeskError(response.status, code, detail, body);
}

async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    // A proxy's HTML page, or nothing: the status has to do.
    return {};
  }
}

function wordsFor(status: number): string {
  if (status === 403) return "Your role doesn't allow that.";
  if (status === 404) return "That isn't here any more.";
  if (status === 413) return "That is too long to send.";
  if (status === 429) return "Too many tries just now. Wait a moment, then try again.";
  if (status >= 500) return "The desk has a problem on its side. Try again in a moment.";
  return "The desk couldn't use that request.";
}
