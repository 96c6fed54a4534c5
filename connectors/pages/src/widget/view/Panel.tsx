import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Banner } from "./Banner";
import { Composer } from "./Composer";
import { ContinueOnTelegram } from "./ContinueOnTelegram";
import { useChat } from "./context";
import { Header } from "./Header";
import { Log } from "./Log";
import { coverPage, trapTab } from "./phone";
import { QueueBar } from "./QueueBar";

/** The open chat: a dialog beside the page, or over all of it on a phone. */
export function Panel({ takesFocus, onClose }: { takesFocus: boolean; onClose: () => void }): JSX.Element {
  const { phone, language } = useChat();
  const panel = useRef<HTMLElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const covers = phone.value;

  useEffect(() => {
    if (!takesFocus) return;
    // On a phone the keyboard would cover what there is to read first.
    const target = covers ? panel.current : field.current;
    target?.focus({ preventScroll: true });
  }, []);
  useEffect(() => (covers && panel.current ? coverPage(panel.current) : undefined), [covers]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onClose();
    if (event.key === "Tab" && covers && panel.current) trapTab(event, panel.current);
    // The site's own shortcuts are not meant while someone writes to us.
    event.stopPropagation();
  };
  return (
    <section
      class="panel"
      ref={panel}
      role="dialog"
      aria-modal={covers}
      aria-labelledby="title"
      tabIndex={-1}
      lang={language.locale}
      onKeyDown={onKeyDown}
    >
      <Header onClose={onClose} />
      <Banner />
      <Log />
      <QueueBar />
      <ContinueOnTelegram />
      <Composer field={field} />
    </section>
  );
}
