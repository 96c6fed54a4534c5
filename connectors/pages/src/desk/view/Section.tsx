import type { ComponentChildren, JSX } from "preact";

/** One titled part of the details. */
export function Section({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="detail">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
