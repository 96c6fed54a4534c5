import type { JSX } from "preact";
import type { Order } from "../../shared/wire";
import { sentence } from "../words/handoff";
import { inTalkOrder, isLate, money, shortDay } from "../words/orders";
import { Section } from "./Section";
import { locale } from "./locale";

interface Props {
  orders: Order[];
  note: string | null;
  /** The number of the order that the talk is about. */
  spokenOf: unknown;
}

export function OrdersSection({ orders, note, spokenOf }: Props): JSX.Element {
  return (
    <Section title="Orders">
      {orders.length === 0 && <p class="muted">{note ?? "No order has been verified in this talk."}</p>}
      {inTalkOrder(orders, spokenOf).map((order) => (
        <OrderCard key={order.number} order={order} />
      ))}
    </Section>
  );
}

function OrderCard({ order }: { order: Order }): JSX.Element {
  return (
    <article class="order">
      <p class="order-head">
        <strong class="mono">{order.number}</strong>
        <span class={`chip order-${order.state}`}>{sentence(order.state)}</span>
        {isLate(order, Date.now()) && <span class="chip urgent">Late</span>}
        <span class="end">{money(order.total, order.currency, locale)}</span>
      </p>
      <ul class="order-items">
        {order.items.map((item) => (
          <li key={`${item.name} ${item.size ?? ""}`}>
            <span>
              {item.quantity > 1 && `${item.quantity} × `}
              {item.name}
              {item.size && <span class="muted">, {item.size}</span>}
            </span>
            <span class="end">{money(Number(item.price) * item.quantity, order.currency, locale)}</span>
          </li>
        ))}
      </ul>
      <dl class="order-facts">
        <Fact name="Placed" value={shortDay(order.placed_at, locale)} />
        {order.delivered_at ? (
          <Fact name="Delivered" value={shortDay(order.delivered_at, locale)} />
        ) : (
          order.due_at && <Fact name="Due" value={shortDay(order.due_at, locale)} />
        )}
        {order.carrier && <Fact name={order.carrier} value={order.tracking_number ?? "no tracking number"} mono />}
        <Fact name="E-mail" value={order.email_masked} />
      </dl>
    </article>
  );
}

function Fact({ name, value, mono }: { name: string; value: string; mono?: boolean }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={mono ? "mono" : ""}>{value}</dd>
    </div>
  );
}
