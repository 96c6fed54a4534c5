/** The shapes of docs/wire.md. Times are ISO 8601 in UTC; ids are opaque. */
export type * from "./agents";
export type * from "./chat";
export type * from "./conversations";
export type * from "./holders";
export type * from "./messages";
export type * from "./tickets";
