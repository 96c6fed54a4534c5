"""The sentence encoder, converted once from the weights in the bot's environment."""

from tools.setup.steps import BOT_BIN, ROOT, Stamp, run, say

FOLDER = ROOT / "bot" / ".encoder"
INPUTS = [ROOT / "bot" / name for name in ("convert_encoder.py", "encoder.py", "uv.lock")]


def convert() -> None:
    """Make `bot/.encoder/` again when the weights or the conversion changed. Raises SetupError."""
    converted = Stamp(FOLDER / "converted-from", INPUTS)
    if converted.is_current():
        return
    say("Converting the sentence encoder")
    run([BOT_BIN / "python", "-m", "bot.convert_encoder"], "convert the sentence encoder")
    converted.set()
