import type { JSX } from "preact";
import { useDesk } from "./context";

/** Says that the page is not live. What is typed meanwhile is kept and sent when the line is back. */
export function LineBanner(): JSX.Element {
  const { line } = useDesk();
  return (
    <div role="status" class="line-banner-place">
      {line.value === "reconnecting" && (
        <p class="line-banner">
          <span class="spinner" />
          Reconnecting. Nothing is lost: what you send is kept, and news is fetched as soon as the line is back.
        </p>
      )}
    </div>
  );
}
