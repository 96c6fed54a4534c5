import { TABS, type Tab } from "./lists";

/** Where in the desk the reader is. It lives in the address, so that Back works on a phone and a link can be shared. */
export interface Route {
  tab: Tab;
  conversationId: string | null;
  /** The details panel is in front (narrow windows only). */
  details: boolean;
}

/** Reads "#/queue/c_1/details". Anything unknown leads to the queue. */
export function routeOf(hash: string): Route {
  const [tab, id, details] = hash.replace(/^#\/?/, "").split("/");
  return {
    tab: TABS.find((one) => one === tab) ?? "queue",
    conversationId: id ? decoded(id) : null,
    details: details === "details",
  };
}

export function hashOf(route: Route): string {
  const parts = [route.tab, ...(route.conversationId ? [encodeURIComponent(route.conversationId)] : [])];
  if (route.conversationId && route.details) parts.push("details");
  return `#/${parts.join("/")}`;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
