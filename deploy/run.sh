#!/usr/bin/env bash
# Proctor on this machine, for a look: builds it, starts it behind nginx, fires patient-view for a few patients of fhir-fixtures/ over HTTPS,
# shows their cards, and keeps running, with the console, until Ctrl-C. A demonstration: loopback only, content that no clinician has approved.
#   bash deploy/run.sh [--once] [--port N] [PATIENT...]
# As root or through sudo it installs what is missing; otherwise everything has to be there.
set -euo pipefail
cd "$(dirname "$0")/.."

die() { echo "run.sh: $1" >&2; exit 1; }
say() { echo "$1" >&2; }

usage() {
    cat <<'TEXT'
bash deploy/run.sh [--once] [--port N] [PATIENT...]
  --once     stop after showing the cards
  --port N   HTTPS port on localhost (8443); the console, which --once leaves out, has the next
  PATIENT    names of fhir-fixtures/patients/, such as severe-anaemia
TEXT
}

once=false
port=8443
patients=()
while [ $# -gt 0 ]; do
    case "$1" in
        --once) once=true ;;
        --port) port=${2:-}; shift ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *) patients+=("$1") ;;
    esac
    shift || { usage >&2; exit 2; }
done
[[ $port =~ ^[0-9]{1,5}$ && $port -ge 1 && $port -le 65535 ]] || { usage >&2; exit 2; }
[ ${#patients[@]} -gt 0 ] || patients=(bleeding-with-shock severe-anaemia bleeding-on-apixaban mucus-for-about-ten-days healthy)
for patient in "${patients[@]}"; do
    [ -f "fhir-fixtures/patients/$patient.json" ] || die "there is no patient \"$patient\" in fhir-fixtures/patients"
done
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
! port_taken || die "port $port is in use; choose another with --port"

# ---- whatever happens, nothing stays ----
folder=
memory=
service=
door=
# shellcheck disable=SC2329  # called by the traps
clean_up() {
    trap '' INT TERM
    [ -z "$door" ] || kill -QUIT "$door" 2>/dev/null || true
    [ -z "$service" ] || kill -TERM "$service" 2>/dev/null || true
    for child in $door $service; do wait "$child" 2>/dev/null || true; done
    [ -z "$folder" ] || rm -rf "$folder"
    [ -z "$memory" ] || rm -rf "$memory"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- packages and program ----
as_root=false
[ "$(id -u)" -ne 0 ] || as_root=true
# Through sudo, what is built belongs to who called.
builder=()
if $as_root && [ -n "${SUDO_UID:-}" ] && [ "$SUDO_UID" != 0 ] && [ "$(stat -c %u .)" = "$SUDO_UID" ]; then
    builder=(setpriv --reuid "$SUDO_UID" --regid "$SUDO_GID" --init-groups env "HOME=$(getent passwd "$SUDO_UID" | cut -d: -f6)")
fi
folder=$(mktemp -d /tmp/proctor-run.XXXXXX)
chmod 711 "$folder"
if $as_root; then
    bash deploy/install-packages.sh build run >"$folder/packages.log" 2>&1 ||
        { tail -n 5 "$folder/packages.log" >&2; die "the Debian packages could not be installed"; }
else
    missing=$(bash deploy/install-packages.sh --check build run) || die "run this as root or through sudo, or install: $missing"
fi
PATH=$PATH:/usr/sbin
for tool in cmake ninja nginx curl openssl setpriv; do
    command -v "$tool" >/dev/null || die "$tool is not installed"
done

say "Building (the first time takes a few minutes)"
"${builder[@]}" cmake --preset release >"$folder/build.log" 2>&1 && "${builder[@]}" cmake --build --preset release --target proctor >>"$folder/build.log" 2>&1 ||
    { tail -n 30 "$folder/build.log" >&2; die "the build failed"; }

# ---- what runs, in a folder that an unprivileged user can read ----
mkdir "$folder/socket"
# nginx's own folder is on a tmpfs: bodies of unknown length are files there, and must reach no disk.
memory=$(mktemp -d /dev/shm/proctor-run.XXXXXX)
chmod 711 "$memory"
install -m 755 build/release/proctor "$folder/proctor"
cp -R cards "$folder/cards"
chmod -R u=rwX,go=rX "$folder/cards"
console=
if ! $once; then
    cp -R fhir-fixtures/patients "$folder/patients"
    chmod -R u=rwX,go=rX "$folder/patients"
    console=', "console": { "port": '$((port + 1))', "patients": "patients" }'
fi
echo "{ \"content\": \"cards\", \"socket\": \"socket/proctor.sock\"$console }" >"$folder/proctor.json"
(umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/certificate.pem") 2>/dev/null ||
    die "the certificate could not be made"
chmod 644 "$folder/certificate.pem" "$folder/proctor.json"
user=
drop=()
if $as_root; then
    # The service as daemon, nginx's workers as www-data; the socket is for that group.
    user='user www-data;'
    drop=(setpriv --reuid daemon --regid www-data --clear-groups --no-new-privs)
    chown daemon:www-data "$folder/socket"
fi
chmod 750 "$folder/socket"
sed -e "s|@USER@|$user|; s|@RUN@|$memory|; s|@SOCKET@|$folder/socket/proctor.sock|; s|@LISTEN@|127.0.0.1:$port|; s|@LOG@|/dev/stdout|" \
    -e "s|@CLIENT_CERTIFICATES@||; s|@CERTIFICATE@|$folder/certificate.pem|; s|@KEY@|$folder/key.pem|; s|@ORIGINS@|default \"*\";|" \
    -e '/map \$http_origin \$cors_origin/{n;d}' deploy/nginx.conf >"$folder/nginx.conf"

# In their own sessions: Ctrl-C is for this script, which then ends them in order.
"${drop[@]}" setsid "$folder/proctor" serve --demo --config "$folder/proctor.json" >"$folder/service.log" 2>&1 &
service=$!
setsid nginx -p "$memory/" -e stderr -c "$folder/nginx.conf" >"$folder/nginx.log" 2>&1 &
door=$!

ask() { curl --silent --show-error --max-time 10 --cacert "$folder/certificate.pem" "$@"; }
readonly url=https://localhost:$port
show_log() { grep -v '^{' "$1" | tail -n 5 >&2 || true; }
for attempt in $(seq 1 300); do
    kill -0 "$service" 2>/dev/null || { show_log "$folder/service.log"; service=; die "the service did not start"; }
    kill -0 "$door" 2>/dev/null || { show_log "$folder/nginx.log"; door=; die "nginx did not start; is port $port in use?"; }
    ask --fail --output /dev/null "$url/health/ready" 2>/dev/null && break
    [ "$attempt" -lt 300 ] || die "the service was not ready within 30 seconds"
    sleep 0.1
done

# ---- the cards ----
for patient in "${patients[@]}"; do
    printf '\n=== %s\n\n' "${patient//-/ }"
    "$folder/proctor" request "fhir-fixtures/patients/$patient.json" 2>/dev/null >"$folder/request.json" || die "no request could be made for $patient"
    ask --header 'Content-Type: application/json' --data-binary "@$folder/request.json" "$url/cds-services/anorectal-alarms" >"$folder/answer.json" ||
        die "patient-view was not answered for $patient"
    "$folder/proctor" show "$folder/answer.json"
done
printf '\nContent not approved by a clinician; these patients are invented.\n'
$once && exit 0

cat <<TEXT

Running. Ctrl-C ends it.
  $url/cds-services
  $(grep '^console: ' "$folder/service.log")
  certificate: $folder/certificate.pem
  another patient: $folder/proctor request fhir-fixtures/patients/NAME.json |
    curl --cacert $folder/certificate.pem -H 'Content-Type: application/json' --data-binary @- $url/cds-services/anorectal-alarms |
    $folder/proctor show
TEXT
while kill -0 "$service" 2>/dev/null && kill -0 "$door" 2>/dev/null; do
    sleep 1 &
    wait $! || true
done
die "the service or nginx ended unexpectedly"
