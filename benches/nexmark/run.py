"""Runs the Nexmark queries on Arroyo and on Flink over the same files, one after the other, and prints both side by side.

    scripts/bench [--events 2000000] [--verify 100000] [--no-flink] [QUERY ...]

Throughput is taken into a blackhole; the results of a smaller run are compared row by row (after retractions).
Arroyo's CPU time and memory are those of the whole process; Flink's CPU time is the job's alone, without the start of the JVM.
What is fetched and generated is kept under ARROYO_BENCH_DIR (default: a directory in the system's temporary one).
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import results
from measure import measure

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
FLINK_VERSION = "2.2.1"
PARALLELISM = "2"
FILES = 2
# Windows of processing time: results depend on the run and are not compared.
PROCESSING_TIME = {"q12"}
FRACTION = re.compile(r'(:\d\d\.\d{3})\d+"')


def queries():
    return sorted((path.stem for path in (TOP / "examples/nexmark").glob("q*.sql")), key=lambda name: int(name[1:]))


def split_query(name):
    """The views of an example, and its last statement, the query; its source is ours."""
    text = (TOP / f"examples/nexmark/{name}.sql").read_text()
    text = text[text.index(";", text.index("CREATE TABLE nexmark")) + 1:].strip().rstrip(";")
    cut = text.rfind(";") + 1
    return text[:cut], text[cut:].strip()


def script(name, data, sink):
    views, query = split_query(name)
    source = (HERE / "arroyo.sql").read_text().replace("$data", str(data))
    if name in PROCESSING_TIME:
        source = source.replace("WATERMARK FOR at AS at - INTERVAL '4 seconds'", "WATERMARK FOR arrived")
    views = views.replace("'examples/nexmark'", f"'{TOP / 'examples/nexmark'}'")
    return f"{source}{views}\nCREATE TABLE out WITH ({sink});\nINSERT INTO out\n{query};\n"


class Bench:
    def __init__(self, work, binary):
        self.work, self.binary = work, binary

    def generate(self, events):
        """So many events as NDJSON in some files, each in order of event time; events of one group stay together.

        Times are cut to milliseconds, which is what event times of Flink have.
        """
        folder = self.work / f"events-{events}"
        done = self.work / f"events-{events}.done"
        if done.exists() and folder.exists():
            return folder
        folder.mkdir(parents=True, exist_ok=True)
        whole = self.work / "whole.ndjson"
        sql = f"""CREATE TABLE nexmark WITH (connector = 'nexmark', event_count = {events}, start_time = '2024-01-01T00:00:00Z');
        CREATE TABLE out WITH (connector = 'single_file', path = '{whole}', type = 'sink', format = 'json');
        INSERT INTO out SELECT person, auction, bid FROM nexmark;"""
        self.arroyo(sql, parallelism="1")
        files = [open(folder / f"part-{index}.ndjson", "w") for index in range(FILES)]
        with open(whole) as lines:
            for number, line in enumerate(lines):
                files[number // 50 % FILES].write(FRACTION.sub(r'\1"', line))
        for file in files:
            file.close()
        whole.unlink()
        done.touch()
        return folder

    def arroyo(self, sql, parallelism=PARALLELISM):
        with tempfile.TemporaryDirectory(dir=self.work) as state:
            query = Path(state) / "query.sql"
            query.write_text(sql)
            command = [self.binary, "run", query, "--state-dir", f"{state}/state", "--parallelism", parallelism]
            return measure(command)

    def arroyo_rows(self, name, data):
        out = self.work / "rows.ndjson"
        sink = f"connector = 'single_file', path = '{out}', type = 'sink', format = "
        out.unlink(missing_ok=True)
        run = self.arroyo(script(name, data, sink + "'json'"))
        if run.code and "debezium_json" in run.stderr:
            run = self.arroyo(script(name, data, sink + "'debezium_json', json.timestamp_format = 'rfc3339'"))
        run.check(f"{name} on Arroyo")
        return results.of_arroyo(out)

    def flink(self, name, data, sink):
        home = self.work / f"flink-{FLINK_VERSION}"
        subprocess.run([HERE / "flink/get", home, FLINK_VERSION], check=True)
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            sql = (HERE / "flink/tables.sql").read_text() + sink + (HERE / f"flink/queries/{name}.sql").read_text() + ";\n"
            query = Path(folder) / "query.sql"
            query.write_text(sql)
            exports = (HERE / "flink/java-options").read_text().split()
            (Path(folder) / "log4j2.properties").write_text("status = error\nrootLogger.level = off\n")
            return measure(["java", "-Xmx4g", "-XX:+UseG1GC", *exports,
                            f"-Dlog4j2.configurationFile={folder}/log4j2.properties",
                            "-cp", f"{home}/classes:{home}/lib/*", "RunSql", PARALLELISM, query,
                            f"DATA={data}", f"EXAMPLES={TOP / 'examples/nexmark'}"])

    def flink_rows(self, name, data):
        run = self.flink(name, data, "")
        run.check(f"{name} on Flink")
        return results.of_flink(run.stdout, name)


def compare(bench, name, data):
    """`same`, or what differs."""
    ours, theirs = bench.arroyo_rows(name, data), bench.flink_rows(name, data)
    ours, theirs = results.comparable(ours, name), results.comparable(theirs, name)
    if ours == theirs:
        return f"same {sum(ours.values())} rows"
    only_ours, only_theirs = ours - theirs, theirs - ours
    return (f"DIFFERS: {sum(only_ours.values())} only Arroyo's {list(only_ours)[:1]}, "
            f"{sum(only_theirs.values())} only Flink's {list(only_theirs)[:1]}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--events", type=int, default=2_000_000)
    arguments.add_argument("--verify", type=int, default=100_000, help="events of the run whose results are compared; 0: none")
    arguments.add_argument("--no-flink", action="store_true")
    arguments.add_argument("queries", nargs="*")
    chosen = arguments.parse_args()

    work = Path(os.environ.get("ARROYO_BENCH_DIR", Path(tempfile.gettempdir()) / "arroyo-bench"))
    work.mkdir(parents=True, exist_ok=True)
    binary = os.environ.get("ARROYO_BIN")
    if not binary:
        subprocess.run(["cargo", "build", "--release", "--quiet", "--package", "arroyo"], cwd=TOP, check=True)
        binary = Path(os.environ.get("CARGO_TARGET_DIR", TOP / "target")) / "release/arroyo"
    bench = Bench(work, str(binary))
    data = bench.generate(chosen.events)
    small = bench.generate(chosen.verify) if chosen.verify else None

    print(f"{chosen.events} events, parallelism {PARALLELISM}; k/CPU s: thousands of events per CPU second")
    print(f"{'':5} {'Arroyo':>9} {'wall':>7} {'peak':>9} | {'Flink':>9} {'wall':>7} {'peak':>9} | ratio  results")
    failed = False
    for name in chosen.queries or queries():
        ours = bench.arroyo(script(name, data, "connector = 'blackhole'"))
        ours.check(f"{name} on Arroyo")
        rate = chosen.events / ours.cpu_seconds / 1000
        line = f"{name:5} {rate:7.0f} k {ours.wall_seconds:5.1f} s {ours.peak_mib:5} MiB |"
        if chosen.no_flink or not (HERE / f"flink/queries/{name}.sql").exists():
            print(line, flush=True)
            continue
        theirs = bench.flink(name, data, "CREATE TABLE sink WITH ('connector' = 'blackhole') AS\n")
        theirs.check(f"{name} on Flink")
        cpu, wall = theirs.job_seconds()
        theirs_rate = chosen.events / cpu / 1000
        line += f" {theirs_rate:7.0f} k {wall:5.1f} s {theirs.peak_mib:5} MiB | {rate / theirs_rate:4.1f}× "
        verdict = compare(bench, name, small) if small and name not in PROCESSING_TIME else ""
        failed |= verdict.startswith("DIFFERS")
        print(line, verdict, flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
