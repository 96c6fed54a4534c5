import type { JSX } from "preact";
import { useApp } from "./context";
import { DeskPage } from "./DeskPage";
import { NoDesk } from "./NoDesk";
import { SignIn } from "./SignIn";
import { Unreachable } from "./Unreachable";

export function App(): JSX.Element {
  const { session, desk } = useApp();
  switch (session.status.value) {
    case "checking":
      return <div class="splash" role="status" aria-label="Opening the desk" />;
    case "unreachable":
      return <Unreachable />;
    case "out":
      return <SignIn />;
    case "in":
      return desk.value?.agentId === session.agent.value?.id ? <DeskPage /> : <NoDesk />;
  }
}
