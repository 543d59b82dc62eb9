import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tidemark.commands.read import read
from tidemark.replay.reading import readings
from tidemark.replay.reading.ticks import Trade

ROOT = Path(__file__).parents[5]
TEXT = "time,price\n1704067200,7.50\n"
TICK = '"price": "7.50"'


def prices(path: Path) -> list[str]:
    items = readings.read([str(path)], {})
    return [str(item.tick.price) for item in items if isinstance(item, Trade)]


def refusal(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert read([str(path)], {}) == 1
    return capsys.readouterr().err


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_packed_files_and_marked_encodings_are_read(
    tmp_path: Path, pack: Callable[[bytes], bytes], encoding: str
) -> None:
    path = tmp_path / "BTCUSD.csv.gz"
    path.write_bytes(pack(TEXT.encode(encoding)))

    assert prices(path) == ["7.5"]


def test_an_older_archive_of_okx_is_read_in_its_encoding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = (
        "trade_id/撮合id,side/交易方向,size/数量,price/价格,created_time/成交时间\n"
    )
    whole = f"{header}7,SELL,1,7.50,1704067200012\n".encode("gb18030")
    okx = tmp_path / "BTC-USDT-trades-2021-10-01.csv"
    okx.write_bytes(whole)
    broken = tmp_path / "BTC-USDT-broken.csv"
    broken.write_bytes(whole + b"\xff\xff,,,,\n")

    assert prices(okx) == ["7.5"]
    assert "its header is GB18030, but other bytes are not" in refusal(broken, capsys)


def test_each_member_of_a_zip_is_read_under_its_own_symbol(tmp_path: Path) -> None:
    bundle = zipped(
        tmp_path / "all.zip",
        **{
            "folder/": b"",
            "folder/BTCUSDT.csv": TEXT.encode(),
            "folder/._BTCUSDT.csv": b"x",
            "__MACOSX/folder/BTCUSDT.csv": b"x",
            "ETHUSDT.csv.gz": gzip.compress(TEXT.encode()),
        },
    )

    reading = readings.read([str(bundle)], {})
    symbols = [item.tick.symbol for item in reading if isinstance(item, Trade)]

    assert symbols == ["BTC-USDT", "ETH-USDT"]
    assert [summary.label for summary in reading.summaries] == [
        f"{bundle}: folder/BTCUSDT.csv",
        f"{bundle}: ETHUSDT.csv.gz",
    ]
    assert reading.is_complete


def test_a_lonely_member_may_have_its_symbol_from_the_zip(tmp_path: Path) -> None:
    bundle = zipped(tmp_path / "BTCUSDT.zip", **{"data.csv": TEXT.encode()})

    assert prices(bundle) == ["7.5"]


def test_a_member_that_is_no_recording_has_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = {"BTCUSDT.csv": TEXT.encode(), "page.csv": b"<html>"}
    bundle = zipped(tmp_path / "all.zip", **members)

    assert "page.csv is not read: it is an HTML page" in refusal(bundle, capsys)
    assert prices(bundle) == ["7.5"]


def test_a_cut_gzip_is_read_up_to_its_last_whole_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "BTCUSD.csv.gz"
    rows = "".join(f"{1704067200 + n},{n}.5\n" for n in range(1, 5000))
    path.write_bytes(gzip.compress(f"time,price\n{rows}".encode())[:9000])

    read_prices = prices(path)

    assert 100 < len(read_prices) < 4999
    assert read_prices == [f"{n}.5" for n in range(1, len(read_prices) + 1)]
    cut_off = f"the file is cut off after {len(read_prices) + 1:,} lines"
    assert cut_off in refusal(path, capsys)


REFUSED = {
    "cp1252": ("time,price\n1,2,é\n".encode("cp1252"), "line 2: it is not UTF-8"),
    "cp1252 in a gzip that is cut off": (
        gzip.compress("time,price\n1,é,2".encode("cp1252"))[:-8],
        "line 2: it is not UTF-8 (byte 0xE9",
    ),
    "a gzip that is cut off at once": (
        gzip.compress(b"time,price\n1,2")[:-8],
        "there is no row below its header: the file is cut off after 1 line",
    ),
    "UTF-16 without its mark": (TEXT.encode("utf-16-le"), "UTF-16 without its mark"),
    "a false mark": (
        b"\xff\xfe\x00\xd8" + b"a\0" * 9,
        "has the byte order mark of utf-16",
    ),
    "a cut zip": (b"PK\x03\x04...", "a zip archive that is cut off or damaged"),
    "Parquet": (b"PAR1....", "is a Parquet file: save it as CSV or JSON"),
    "a tar": (b"a" * 257 + b"ustar" + b"\0" * 250, "is a tar archive: unpack it"),
    "a comment before a page": (b"<!-- x --><html>", "is an HTML page"),
    "a broken gzip": (gzip.compress(TEXT.encode())[:4] + b"\xff" * 30, "is damaged"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_text_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    content, expected = REFUSED[case]
    path = tmp_path / "BTCUSD.csv"
    path.write_bytes(content)

    error = refusal(path, capsys)

    assert expected in error
    assert error.count("\n") == 1


def test_a_workbook_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = zipped(tmp_path / "BTCUSD.xlsx", **{"xl/workbook.xml": b"<x/>"})

    assert "is a workbook of a spreadsheet" in refusal(book, capsys)


def test_an_empty_zip_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "that contains no file" in refusal(zipped(tmp_path / "a.zip"), capsys)


def test_an_encrypted_member_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = zipped(tmp_path / "a.zip", **{"BTCUSD.csv": TEXT.encode()})
    raw = bytearray(bundle.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # the flag in the list of members
    bundle.write_bytes(raw)

    assert "BTCUSD.csv is not read: it is encrypted: unpack it" in refusal(
        bundle, capsys
    )


def test_a_missing_file_and_a_folder_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there is no file" in refusal(tmp_path / "absent.csv", capsys)
    assert "is a folder" in refusal(tmp_path, capsys)


def test_a_setting_in_place_of_a_file_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "A setting comes before the command." in refusal(Path("DATES=dmy"), capsys)


def test_several_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    names = [tmp_path / "BTCUSD.csv", tmp_path / "absent.csv", tmp_path / "ETHUSD.csv"]
    names[0].write_text(TEXT)
    names[2].write_text(TEXT)

    reading = readings.read([str(name) for name in names], {})
    ticks = [item for item in reading if isinstance(item, Trade)]

    assert [item.tick.symbol for item in ticks] == ["BTC-USD", "ETH-USD"]
    assert not reading.is_complete


def test_the_progress_is_that_of_the_bytes_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSD.csv"
    path.write_text(TEXT)
    reading = readings.read([str(path)], {})

    before, _items = reading.progress, list(reading)

    assert before == (0, 0)
    assert reading.progress == (len(TEXT), len(TEXT))


@pytest.mark.parametrize("content", [TEXT.encode(), gzip.compress(TEXT.encode())])
def test_a_dash_is_standard_input(content: bytes) -> None:
    result = run_read(["-"], content, {"SYMBOL": "BTC-USD"})

    assert TICK in result.stdout.decode()
    assert b"standard input: trades by their header" in result.stderr
    assert result.returncode == 0


def test_standard_input_can_be_read_a_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(TEXT.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    first, second = (readings.read(["-"], {"SYMBOL": "BTC-USD"}) for _ in range(2))

    assert [*first] == [*second]
    assert first.is_complete


def test_a_setting_that_makes_no_sense_is_one_line() -> None:
    result = run_read(["-"], TEXT.encode(), {"DECIMAL": ";"})

    assert result.stderr == b"DECIMAL=; is not valid: use . or ,.\n"
    assert result.returncode == 1


def test_the_command_needs_no_package_that_only_a_deployment_needs() -> None:
    program = (
        "import sys, tidemark.cli, tidemark.commands.read\n"
        "print(*{'pydantic', 'cdktf', 'boto3'} & sys.modules.keys())"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True
    )

    assert result.stdout == b"\n"


def test_a_reader_that_closes_early_is_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "BTCUSD.csv"
    path.write_text("time,price\n" + "1704067200,7\n" * 20_000)

    command = f"{sys.executable} -m tidemark read {path} | head -1"
    result = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, check=False
    )

    assert result.stdout.count(b"\n") == 1
    assert b"Traceback" not in result.stderr
    assert b"Broken" not in result.stderr


def run_read(
    files: list[str], content: bytes, settings: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tidemark", "read", *files],
        input=content,
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        check=False,
    )


def test_standard_output_holds_ticks_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "BTCUSD.csv"
    path.write_text(f"{TEXT}bad,line\n")
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)

    assert read([str(path)], {}) == 1
    assert out.getvalue() == (
        '{"symbol": "BTC-USD", "price": "7.50", "exchange": "replay", '
        '"timestamp": "2024-01-01T00:00:00Z"}\n'
    )
