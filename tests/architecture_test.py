#!/usr/bin/env python3
"""The architecture, kept by a test: who may include whom, which libraries and system calls live in which room, how long files and
functions may be, and that no clinical code stands in C++. Prints every fault as file:line."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from check_codes import loinc_ok, snomed_ok  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FUNCTION_LINES = 400, 60

# Includes go one way: each room sees itself and these.
SEES = {
    "base": set(),
    "fhir": {"base"},
    "rules": {"base", "fhir"},
    "hooks": {"base", "fhir", "rules"},
    "batch": {"base", "fhir", "rules", "hooks"},
    "publish": {"base", "fhir", "rules"},
    "auth": {"base"},
    "outbound": {"base"},
    "http": {"base"},
    "ehr": {"base", "fhir", "rules", "hooks", "outbound"},
    "store": {"base", "auth"},
    "watch": {"base"},
    "console": {"base", "fhir", "rules", "hooks", "http", "store", "watch"},
    "app": {"base", "fhir", "rules", "hooks", "batch", "publish", "auth", "outbound", "http", "ehr", "store", "watch", "console"},
}

# A library is known in its rooms only, so that it can be replaced there.
LIBRARY_ROOMS = [
    (r"httplib\.h", r"service/http/"),
    (r"openssl/", r"service/(http|auth)/|service/base/(digest|memory)\.|service/store/secrets\.|service/watch/audit|service/console/password\."),
    (r"simdjson", r"service/fhir/"),
    (r"re2/", r"service/rules/"),
    (r"utf8proc", r"service/rules/fold\."),
    (r"date/", r"service/fhir/"),
    (r"curl/", r"service/outbound/"),
    (r"sqlite3|libpq|SQLiteCpp", r"service/store/"),
    (r"prometheus/", r"service/watch/"),
    (r"CLI/", r"service/app/"),
    (r"spdlog/", r"service/(app|base)/"),
    (r"nlohmann/json\.hpp", r"service/base/json\.h$"),
    (r"base/json\.h", r"service/.*\.cpp$"),
]
ONE_FILE_LIBRARIES = [r"valijson/"]

# The core is a function of values: clocks, entropy, environment and output enter at the edge.
CALL_ROOMS = [
    (r"system_clock::now|\b(std::)?time\((nullptr|NULL|0|&)|gettimeofday|clock_gettime", r"service/(base/clock\.|app/)"),
    (r"steady_clock::now", r"service/(base/clock\.|app/|http/|outbound/)"),
    (r"random_device|\bs?rand\(|mt19937|RAND_bytes|getrandom", r"service/(base/(entropy|random)\.|app/)"),
    (r"\bgetenv\(", r"service/app/"),
    (r"std::(cout|cerr|clog)\b|\bf?printf\(|\bputs\(", r"service/app/"),
    (r"\b(ifstream|ofstream|fopen)\b", r"service/(app/|base/|rules/content|rules/load|rules/check|rules/files|rules/schema|batch/)"),
    (r"(?<!>\()\bnew\s+[A-Z]|\bdelete\s+\w|\bmalloc\(|\bfree\(", r"service/http/|service/(app|base)/memory\.|service/base/json\.h"),  # httplib's task queue is handed over as a raw pointer; operator new
    (r"\bgoto\b|\bsystem\(|\bpopen\(", r"$^"),
]


def strip_comments(text):
    """Comments become blanks of the same lines; strings stay."""
    pattern = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]) if m[0].startswith("/") else m[0], text)


def strip_strings(text):
    pattern = re.compile(r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
    return pattern.sub(lambda m: '"' + re.sub(r"[^\n]", " ", m[0][1:-1]) + '"', text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def includes(code):
    for match in re.finditer(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', code, re.M):
        yield line_of(code, match.start(2)), match[1] == '"', match[2]


def include_faults(name, code):
    room = name.split("/")[1]
    for line, quoted, target in includes(code):
        other = target.split("/")[0]
        if quoted and other in SEES and other != room and other not in SEES[room]:
            yield line, f"{room}/ may not include {other}/"
        if quoted and (ROOT / name).parent.joinpath(target).exists() and other not in SEES:
            yield line, "includes are written from service/: \"room/file.h\""
        for library, rooms in LIBRARY_ROOMS:
            if re.match(library, target) and not re.search(rooms, name):
                yield line, f"{target} belongs elsewhere"


def call_faults(name, code):
    for call, rooms in CALL_ROOMS:
        if not re.match(rooms, name):
            for match in re.finditer(call, code):
                yield line_of(code, match.start()), f"{match[0]} is not for this room"


def clinical_faults(code):
    """Code-like literals in strings. Knowledge is data under cards/."""
    for literal in re.finditer(r'"((?:\\.|[^"\\\n])*)"', code):
        for word in re.findall(r"(?<![\w.-])[\w.-]+(?![\w.-])", literal[1]):
            sct = word.isdigit() and len(word) >= 8 and snomed_ok(word)
            loinc = re.fullmatch(r"(LA)?\d{3,5}-\d", word) and loinc_ok(word)
            icd = re.fullmatch(r"[A-TV-Z]\d\d\.\d{1,4}", word)
            if sct or loinc or icd:
                yield line_of(code, literal.start()), f"clinical code {word}: it belongs under cards/"


def function_lengths(code):
    """(line, lines) of every block that is neither namespace, type nor initializer. `code` without comments and strings."""
    code = re.sub(r"^[ \t]*#.*(\\\n.*)*$", "", code, flags=re.M)
    depth, inside, start, begin = 0, None, 0, 0
    for match in re.finditer(r"[{};]", code):
        here, position = match[0], match.start()
        if here == "{":
            depth += 1
            head = code[begin:position].strip()
            scope = re.match(r"(template\b.*)?\b(inline )?(namespace|class|struct|union|enum|extern)\b[^()]*$", head, re.S)
            if inside is None and not scope and not head.endswith(("=", "return")) and not re.search(r"[^=!<>]=[^=]", re.sub(r"\(.*\)", "", head, flags=re.S)):
                inside, start = depth, begin + len(code[begin:position]) - len(code[begin:position].lstrip())
        elif here == "}":
            if inside == depth:
                yield line_of(code, start), code.count("\n", start, position) + 1
                inside = None
            depth -= 1
        if inside is None:
            begin = position + 1


def size_faults(name, text):
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield lines, f"{lines} lines, the limit is {FILE_LINES}"
    if name.endswith((".h", ".cpp")):
        for line, length in function_lengths(strip_strings(strip_comments(text))):
            if length > FUNCTION_LINES:
                yield line, f"a function of {length} lines, the limit is {FUNCTION_LINES}"


def header_faults(text):
    if not re.match(r"//[^\n]+\n", text):
        yield 1, "a header opens with a paragraph: what it is for and what it must not know"
    if "#pragma once" not in text:
        yield 1, "no #pragma once"


def service_faults(name, text):
    code = strip_comments(text)
    yield from include_faults(name, code)
    yield from call_faults(name, strip_strings(code))
    yield from clinical_faults(code)
    if name.endswith(".h"):
        yield from header_faults(text)


def one_file_faults(files):
    for library in ONE_FILE_LIBRARIES:
        users = [n for n, text in files if any(re.match(library, t) for _, _, t in includes(strip_comments(text)))]
        if len(users) > 1:
            yield f"{', '.join(users)}: {library} belongs in one file"


def sources():
    for folder, endings in (("service", (".h", ".cpp")), ("tests", (".h", ".cpp", ".py", ".mjs", ".sh")), ("deploy", (".sh", ".py", ".mjs"))):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and "node_modules" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text()


def self_test():
    assert [n for _, n in function_lengths("namespace a {\nvoid f(int x = 1) {\n if (x) {\n }\n}\nint t[] = {\n1};\n}\n")] == [4]
    assert [n for _, n in function_lengths("struct A {\n A() : b{1} {\n\n }\n int b;\n};\n")] == [1, 3]
    assert list(include_faults("service/base/x.cpp", '#include "fhir/record.h"\n')) and not list(include_faults("service/fhir/x.cpp", '#include "base/text.h"\n'))
    assert list(include_faults("service/hooks/x.cpp", '#include <httplib.h>\n')) and list(include_faults("service/rules/x.h", "#include <nlohmann/json.hpp>\n"))
    assert list(call_faults("service/rules/x.cpp", "auto t = std::chrono::system_clock::now();"))
    assert list(clinical_faults('x == "718-7"')) and list(clinical_faults('"K92.1"')) and not list(clinical_faults('"127.0.0.1" "2.0"'))
    assert "a" not in strip_comments("/* a */ // a\n")


def main():
    self_test()
    files = list(sources())
    faults = []
    for name, text in files:
        checks = list(size_faults(name, text)) + (list(service_faults(name, text)) if name.startswith("service/") else [])
        faults += [f"{name}:{line}: {what}" for line, what in checks]
    faults += one_file_faults([(n, t) for n, t in files if n.startswith("service/")])
    print("\n".join(faults))
    print(f"{len(files)} files: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
