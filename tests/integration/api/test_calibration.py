"""Calibration over HTTP: what agents made of the handoffs."""

from tests.integration.api.running_desk import RunningDesk

PATH = "/api/escalations/calibration"


async def test_an_empty_desk_says_so_in_zeros(desk: RunningDesk) -> None:
    status, answer = await (await desk.person("ana")).get(PATH)
    assert status == 200
    assert answer["calibration"]["all"] == {"decided": 0, "needed": 0, "not_needed": 0}
    assert answer["calibration"]["reasons"] == []


async def test_a_period_has_to_make_sense(desk: RunningDesk) -> None:
    sam = await desk.person("sam")
    assert [(await sam.get(f"{PATH}?days={days}"))[0] for days in ("0", "366", "many")] == [400, 400, 400]
    assert (await sam.get(f"{PATH}?days=365"))[0] == 200


async def test_strangers_see_no_calibration(desk: RunningDesk) -> None:
    stranger = await desk.person(None)
    assert (await stranger.get(PATH))[0] == 401
