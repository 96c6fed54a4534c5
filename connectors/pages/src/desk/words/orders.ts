import type { Order } from "../../shared/wire";

/** An amount as people read it. An unknown currency code is put beside the number. */
export function money(amount: number | string, currency: string, locale: string): string {
  const value = Number(amount);
  try {
    return new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(value);
  } catch {
    return `${value.toFixed(2)} ${currency}`;
  }
}

/** "3 Mar" */
export function shortDay(at: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }).format(new Date(at));
}

/** On its way after the day it was due. `now` in milliseconds. */
export function isLate(order: Pick<Order, "state" | "due_at" | "delivered_at">, now: number): boolean {
  return order.state === "shipped" && !order.delivered_at && order.due_at !== null && Date.parse(order.due_at) < now;
}

/** The order that the talk is about first, the others as they came. */
export function inTalkOrder<T extends Pick<Order, "number">>(orders: T[], spokenOf: unknown): T[] {
  const rank = (order: T): number => (order.number === spokenOf ? 0 : 1);
  return [...orders].sort((one, other) => rank(one) - rank(other));
}
