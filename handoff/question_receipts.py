"""The words of what the desk itself asks customers, and of what it says to their answers."""

from handoff.outbound import Choice, Reply


def how_was_it(choices: list[tuple[str, str]]) -> Reply:
    """``choices``: title and payload of each button, worst first."""
    text = "How did we do? 1 is poor, 5 is very good. It's fine to leave it."
    return _system(text, [Choice(title, payload) for title, payload in choices])


def rated(stars: int, add_comment: str | None) -> Reply:
    """``add_comment``: the payload of the button to add one; None when there is one already."""
    text = (
        "Thank you, good to hear."
        if stars >= 4
        else "Thank you for telling us. The people who answered you will see it."
    )
    return _system(text, [Choice("Add a comment", add_comment)] if add_comment is not None else [])


def ask_for_comment(unwanted: str) -> Reply:
    text = "What should we know? Your next message goes to the people who answered you, with your rating."
    return _system(text, [Choice("No comment", unwanted)])


def comment_kept(a_question: str) -> Reply:
    text = "Thank you, that's with your rating now. If you meant it as a new question, I'll take it up."
    return _system(text, [Choice("It's a question", a_question)])


def comment_elsewhere() -> Reply:
    return _system("You're talking to a person here again: just tell them.")


def no_comment() -> Reply:
    return _system("All right. Write here any time.")


def did_it_work(agent_name: str, note: str, answers: list[tuple[str, str]]) -> Reply:
    """``answers``: title and payload of each button."""
    done = f"{agent_name} left this note when helping you: “{note}”" if note else f"{agent_name} helped you here."
    return _system(f"{done} Did that work for you?", [Choice(title, payload) for title, payload in answers])


def it_worked() -> Reply:
    return _system("Good to hear, thank you. Write here any time.")


def not_worked(agent_name: str | None) -> Reply:
    """``agent_name``: who helped before, if they are at the desk now."""
    first = f" {agent_name}, who helped you, is asked first." if agent_name else ""
    return _system(f"Thank you for telling us. It goes back to a person, with what was done so far.{first}")


def not_worked_noted() -> Reply:
    return _system("Thank you. The person who answers you here will see that.")


def known_already() -> Reply:
    return _system("I have that already, thank you.")


def _system(text: str, choices: list[Choice] | None = None) -> Reply:
    return Reply(text=text, author="system", choices=choices or [])
