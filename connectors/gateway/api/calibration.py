"""Calibration: what agents made of the handoffs that the bot decided."""

from datetime import timedelta

from pydantic import BaseModel, Field

from connectors.gateway.api.route import Call, Fields, Routes
from handoff import decisions
from handoff.decisions import Calibration

routes = Routes()

LONGEST_DAYS = 365


class Period(Fields):
    days: int = Field(default=90, ge=1, le=LONGEST_DAYS)


class CalibrationAnswer(BaseModel):
    calibration: Calibration


@routes.add("GET", "/api/escalations/calibration", permission="judge")
async def calibrate(call: Call, query: Period) -> CalibrationAnswer:
    """Of the last ``days``: handoffs by reason and by score, and how many of them agents found needed."""
    since = call.now - timedelta(days=query.days)
    return CalibrationAnswer(calibration=await call.desk.database.read(decisions.calibration, since))
