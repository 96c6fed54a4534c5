import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useChat } from "./context";
import { TelegramIcon } from "./icons";
import { ExternalLink } from "./RichText";

const GOOD_FOR_MS = 10 * 60_000;

type Step = { kind: "offered" } | { kind: "asking" } | { kind: "failed" } | { kind: "ready"; url: string };

/** The way to take the talk along: first the offer, then a link that only this customer has. */
export function ContinueOnTelegram(): JSX.Element | null {
  const { session, language } = useChat();
  const { texts } = language;
  const [step, setStep] = useState<Step>({ kind: "offered" });
  useEffect(() => {
    if (step.kind !== "ready") return;
    const tooOld = setTimeout(() => setStep({ kind: "offered" }), GOOD_FOR_MS);
    return () => clearTimeout(tooOld);
  }, [step]);
  if (!session.mayContinue.value || session.connection.value !== "online") return null;
  const ask = async (): Promise<void> => {
    setStep({ kind: "asking" });
    const url = await session.telegramLink();
    setStep(url === null ? { kind: "failed" } : { kind: "ready", url });
  };
  return (
    <div class="elsewhere" role="status">
      {step.kind === "ready" ? (
        <p>
          {texts.telegramReady} <ExternalLink href={step.url}>{texts.telegramOpen}</ExternalLink>{" "}
          <button type="button" class="text-button" onClick={() => setStep({ kind: "offered" })}>
            {texts.telegramNotNow}
          </button>
        </p>
      ) : (
        <>
          <button type="button" class="text-button" aria-disabled={step.kind === "asking"} onClick={() => void ask()}>
            <TelegramIcon /> {texts.telegramOffer}
          </button>
          {step.kind === "failed" && <p>{texts.telegramFailed}</p>}
        </>
      )}
    </div>
  );
}
