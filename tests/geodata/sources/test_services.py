"""Public services against a local server that answers as documented; nothing leaves this machine."""

import io
import json
import sqlite3
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from PIL import Image

from geodata import GeodataError, Store
from geodata.files import asking
from geodata.files.asking import Polite
from geodata.imports import sampling
from geodata.sources import services


class Answers(BaseHTTPRequestHandler):
    asked: ClassVar[list] = []
    busy = 0
    retry_after = None

    def do_GET(self):
        query = {k: v[0] for k, v in parse_qs(urlparse(self.path).query).items()}
        type(self).asked.append((urlparse(self.path).path, query))
        status, body = self.answer(urlparse(self.path).path, query)
        self.send_response(status)
        if status == 503 and self.retry_after:
            self.send_header("Retry-After", self.retry_after)
        if status == 302:
            self.send_header("Location", body.decode())
        self.end_headers()
        self.wfile.write(body)

    def answer(self, path, query):  # noqa: PLR0911  (one per documented answer)
        if path == "/busy" and type(self).busy > 0:
            type(self).busy -= 1
            return 503, b"wait"
        if path in {"/jshis", "/busy"}:
            if query["position"].startswith("145"):
                return 404, b"{}"
            if query["position"].startswith("144"):
                return 200, json.dumps({"status": "Error", "error": "too many"}).encode()
            values = {"meshcode": "5030330343", "T30_I55_PS": "0.095286", "T30_I60_PS": "0.08"}
            return 200, json.dumps(
                {"type": "FeatureCollection", "status": "Success", "features": [{"properties": values}]}
            ).encode()
        if path == "/moved":
            return 302, f"/gsi?{urlparse(self.path).query}".encode()
        if path == "/endless":
            return 200, b" " * (asking._MAX_BODY + 1)
        if path == "/gsi":
            sea = query["lon"].startswith("145")
            return 200, json.dumps(
                {"elevation": "-----" if sea else 25.3, "hsrc": "-----" if sea else "5m（レーザ）"}
            ).encode()
        if path == "/estat":
            return self.estat(query)
        return 500, b""

    def estat(self, query):
        if query["appId"] != "right":
            return 403, json.dumps(
                {"GET_STATS_DATA": {"RESULT": {"STATUS": 100, "ERROR_MSG": "認証に失敗しました。"}}}
            ).encode()
        start = int(query["startPosition"])
        cell = {"@tab": "01", "@area": f"{start:02d}000", "@unit": "人", "$": "1,234" if start == 1 else "***"}
        info = {"TOTAL_NUMBER": 2, "FROM_NUMBER": start, "TO_NUMBER": start, **({"NEXT_KEY": 2} if start == 1 else {})}
        value = [cell] if start == 1 else cell
        whole = {"RESULT": {"STATUS": 0}, "STATISTICAL_DATA": {"RESULT_INF": info, "DATA_INF": {"VALUE": value}}}
        return 200, json.dumps({"GET_STATS_DATA": whole}).encode()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    Answers.asked, Answers.busy, Answers.retry_after = [], 0, None
    running = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def client(tmp_path):
    made = services.client(tmp_path / "cache", interval_s=0.0)
    made.sleep = lambda _: None
    return made


def test_earthquake_probabilities_come_from_strings_and_the_sea_is_unknown(server, client):
    found = services.earthquake(np.array([130.4207, 145.0]), np.array([33.5902, 30.0]), client, f"{server}/jshis")
    assert found["quake_6lower_30y_pct"].iloc[0] == pytest.approx(9.5286)
    assert np.isnan(found["quake_6lower_30y_pct"].iloc[1])
    again = services.earthquake(np.array([130.4207, 145.0]), np.array([33.5902, 30.0]), client, f"{server}/jshis")
    assert again.equals(found)
    assert len(Answers.asked) == 2  # the second time comes from the cache


def test_a_damaged_answer_is_asked_for_again_and_said(server, tmp_path):
    said = []
    client = services.client(tmp_path / "cache", interval_s=0.0, tell=said.append)
    place = (np.array([130.4207]), np.array([33.5902]), client, f"{server}/jshis")
    first = services.earthquake(*place)
    book = tmp_path / "cache" / "answers.sqlite"
    with closing(sqlite3.connect(book, isolation_level=None)) as cache:
        cache.execute("UPDATE responses SET value = substr(value, 1, 200) || '~' || substr(value, 202)")
    assert services.earthquake(*place).equals(first)
    assert "damaged" in str(said[0])
    assert services.earthquake(*place).equals(first)
    assert len(Answers.asked) == 2
    book.write_bytes(b"no database" * 1000)
    assert services.earthquake(*place).equals(first)
    assert "cannot be used" in str(said[1])


def test_a_200_with_an_error_inside_is_one(server, client):
    with pytest.raises(GeodataError, match="too many"):
        services.earthquake(np.array([144.0]), np.array([40.0]), client, f"{server}/jshis")


def test_a_busy_server_is_asked_again_and_then_given_up(server, tmp_path):
    waits = []
    client = Polite(tmp_path / "c", interval_s=0.0, retries=2, sleep=waits.append)
    Answers.busy = 2
    assert services.earthquake(np.array([130.0]), np.array([33.0]), client, f"{server}/busy").notna().all(axis=None)
    assert waits[-1] >= 3
    Answers.busy = 99
    with pytest.raises(GeodataError, match="HTTP 503"):
        services.earthquake(np.array([131.0]), np.array([33.0]), client, f"{server}/busy")


def test_a_busy_server_is_left_alone_as_long_as_it_asks(server, tmp_path):
    waits = []
    client = Polite(tmp_path / "c", interval_s=0.0, retries=1, sleep=waits.append)
    Answers.busy, Answers.retry_after = 1, "77"
    assert client.get(f"{server}/busy", {"position": "1,2"})
    assert waits == [0.0, 77.0]


def test_requests_are_spaced_and_answers_of_the_cache_are_not(server, tmp_path):
    waits = []
    client = Polite(tmp_path / "c", interval_s=9.0, sleep=waits.append)
    for lon in ("1", "2", "1"):
        client.get(f"{server}/gsi", {"lon": lon})
    assert len(Answers.asked) == 2
    assert waits[0] == 0.0
    assert 8 < waits[1] <= 9
    assert len(waits) == 2


def test_an_error_told_with_status_200_is_asked_again(server, client):
    for _ in range(2):
        with pytest.raises(GeodataError, match="too many"):
            services.earthquake(np.array([144.0]), np.array([40.0]), client, f"{server}/jshis")
    assert len(Answers.asked) == 2


def test_a_body_without_end_is_refused(server, client):
    with pytest.raises(GeodataError, match="could not be reached"):
        client.get(f"{server}/endless", {})


def test_a_wrong_id_is_not_remembered(server, client, monkeypatch):
    monkeypatch.setenv(services.APP_ID, "wrong")
    with pytest.raises(GeodataError, match="認証に失敗"):
        services.statistics("0003", client, f"{server}/estat")
    monkeypatch.setenv(services.APP_ID, "right")
    assert len(services.statistics("0003", client, f"{server}/estat")) == 2


def test_a_secret_follows_no_redirect(server, client):
    assert client.get(f"{server}/moved", {"lon": "1"})
    asked = len(Answers.asked)
    with pytest.raises(GeodataError, match="HTTP 302"):
        client.get(f"{server}/moved", {"lon": "1", "appId": "right"})
    assert len(Answers.asked) == asked + 1


def test_a_secret_reaches_no_log(client, caplog):
    client.retries = 1
    with caplog.at_level("DEBUG"), pytest.raises(GeodataError) as caught:
        client.get("http://127.0.0.1:9/estat", {"appId": "right-secret"})
    assert "127.0.0.1" in str(caught.value)
    assert "Retrying" in caplog.text
    assert "right-secret" not in caplog.text + str(caught.value)


def test_offline_is_one_sentence(tmp_path):
    client = Polite(tmp_path / "c", interval_s=0.0, retries=0, timeout_s=0.5, sleep=lambda _: None)
    with pytest.raises(GeodataError, match="isolated network"):
        services.elevation(np.array([136.0]), np.array([36.0]), client, "http://127.0.0.1:9/gsi")


def test_elevation_marks_are_unknown(server, client):
    found = services.elevation(np.array([136.0, 145.0]), np.array([36.0, 30.0]), client, f"{server}/gsi")
    assert found["elevation_m"].iloc[0] == 25.3
    assert np.isnan(found["elevation_m"].iloc[1])


def test_elevation_tiles_follow_the_documented_formula():
    picture = np.zeros((256, 256, 3), dtype=np.uint8)
    picture[0, 0] = (0, 4, 210)  # 1234 * 0.01 m
    picture[0, 1] = (128, 0, 0)  # no data
    picture[0, 2] = (255, 255, 156)  # -100 * 0.01 m
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    metres = services.tile_elevation(stream.getvalue())
    assert metres[0, 0] == pytest.approx(12.34)
    assert np.isnan(metres[0, 1])
    assert metres[0, 2] == pytest.approx(-1.0)
    assert np.isnan(services.tile_elevation(None)).all()
    with pytest.raises(GeodataError, match="PNG"):
        services.tile_elevation(b"x")


def test_estat_pages_marks_and_the_secret(server, client, monkeypatch, tmp_path):
    monkeypatch.setenv(services.APP_ID, "right")
    table = services.statistics("0003", client, f"{server}/estat")
    assert table["value"].iloc[0] == 1234
    assert np.isnan(table["value"].iloc[1])
    assert len(Answers.asked) == 2
    for path in (tmp_path / "cache").iterdir():
        assert b"right" not in path.read_bytes()
        assert "right" not in path.name


def test_a_wrong_or_absent_application_id_is_said_without_showing_it(server, client, monkeypatch):
    monkeypatch.setenv(services.APP_ID, "wrong-secret")
    with pytest.raises(GeodataError, match="認証に失敗") as caught:
        services.statistics("0003", client, f"{server}/estat")
    assert "wrong-secret" not in str(caught.value)
    monkeypatch.delenv(services.APP_ID)
    with pytest.raises(GeodataError, match="ESTAT_APP_ID"):
        services.statistics("0003", client, f"{server}/estat")


def test_a_sample_becomes_a_layer_by_cell(server, client, tmp_path, monkeypatch):
    store = Store(tmp_path / "data")
    monkeypatch.setitem(
        sampling._SERVICES,
        "jshis",
        (lambda x, y, c: services.earthquake(x, y, c, f"{server}/jshis"), "地震", "Quake", "J-SHIS"),
    )
    layer = sampling.sample("jshis", "quake", store, ("18",), client=client)
    store.keep(layer)
    kept = Store(store.root).layer("quake").frame
    assert kept["mesh_code"].str.fullmatch(r"\d{8}").all()
    assert kept["quake_6lower_30y_pct"].notna().all()
    with pytest.raises(GeodataError, match="expected one of"):
        sampling.sample("nonsense", "q", store, ("18",))
