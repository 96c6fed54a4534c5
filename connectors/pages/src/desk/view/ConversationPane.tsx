import type { JSX } from "preact";
import type { Talk } from "../state/talk";
import { Composer } from "./Composer";
import { ConversationHead } from "./ConversationHead";
import { FreshNote } from "./FreshNote";
import { Icon } from "./Icon";
import { TalkNoticeBar } from "./TalkNoticeBar";
import { Transcript } from "./Transcript";
import { useDesk } from "./context";

export function ConversationPane(): JSX.Element {
  const { talk } = useDesk();
  return (
    <section class="pane talk-pane" id="talk" tabIndex={-1} aria-label="Conversation">
      {talk.value ? <OpenTalk key={talk.value.id} talk={talk.value} /> : <NothingOpen />}
    </section>
  );
}

function OpenTalk({ talk }: { talk: Talk }): JSX.Element {
  const desk = useDesk();
  switch (talk.status.value) {
    case "loading":
      return <div class="talk-loading" role="status" aria-label="Opening the conversation" />;
    case "missing":
      return <Problem title="This conversation isn't here" text="It may have been erased, or the link is wrong." />;
    case "failed":
      return <Problem title="The conversation couldn't be opened" text={talk.problem.value} retry={() => void desk.refresh(talk)} />;
    case "ready":
      return (
        <>
          <ConversationHead talk={talk} />
          <TalkNoticeBar talk={talk} />
          <FreshNote talk={talk} />
          <Transcript talk={talk} />
          <Composer talk={talk} />
        </>
      );
  }
}

function Problem({ title, text, retry }: { title: string; text: string; retry?: () => void }): JSX.Element {
  const desk = useDesk();
  return (
    <div class="empty centred" role="alert">
      <span class="empty-mark">
        <Icon name="warning" />
      </span>
      <p class="empty-title">{title}</p>
      <p class="muted">{text}</p>
      {retry && (
        <button class="button" type="button" onClick={retry}>
          Try again
        </button>
      )}
      <button class="button ghost" type="button" onClick={() => desk.go({ conversationId: null })}>
        Back to the list
      </button>
    </div>
  );
}

function NothingOpen(): JSX.Element {
  const { lists } = useDesk();
  const { queue } = lists.counts.value;
  return (
    <div class="empty centred">
      <span class="empty-mark">
        <Icon name="web" />
      </span>
      <p class="empty-title">{queue ? (queue === 1 ? "One person is waiting" : `${queue} people are waiting`) : "All quiet"}</p>
      <p class="muted">
        Open a conversation from the list to read it. <kbd>j</kbd> and <kbd>k</kbd> walk through the list, <kbd>?</kbd> shows all keys.
      </p>
    </div>
  );
}
