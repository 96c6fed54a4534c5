"""Rasa's parse result for a button: what the customer meant is known, so nothing is guessed."""

from typing import Any

from rasa.shared.core.domain import Domain

from bot.turn_request import MalformedPayload, Payload


def from_payload(written: str, domain: Domain) -> dict[str, Any]:
    """Returns parse data with confidence 1.0; raises MalformedPayload when the domain has no such intent or answer."""
    payload = Payload.parse(written)
    if payload.intent not in domain.intents:
        raise MalformedPayload(f"the domain has no intent {payload.intent!r}")
    intent = {"name": payload.intent, "confidence": 1.0}
    parse_data = {
        "text": written,
        "intent": intent,
        "intent_ranking": [dict(intent)],
        "entities": [{"entity": name, "value": value} for name, value in payload.entities.items()],
    }
    if payload.answer is not None:
        parse_data["response_selector"] = _chosen_answer(payload, domain)
        intent["full_retrieval_intent_name"] = f"{payload.intent}/{payload.answer}"
    return parse_data


def _chosen_answer(payload: Payload, domain: Domain) -> dict[str, Any]:
    key = f"{payload.intent}/{payload.answer}"
    responses = domain.responses.get(f"utter_{key}")
    if responses is None:
        raise MalformedPayload(f"the domain has no answer {key!r}")
    chosen = {"intent_response_key": key, "confidence": 1.0}
    return {
        "all_retrieval_intents": [payload.intent],
        payload.intent: {
            "response": {**chosen, "responses": responses, "utter_action": f"utter_{key}"},
            "ranking": [chosen],
        },
    }
