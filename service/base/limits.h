// Every limit has a number, a name, a reason and a test. Sizes are bytes unless the name says otherwise.
#pragma once

#include <cstddef>

namespace proctor::limits {

// One hook request. A year's chart of a frequent attender measures 2-4 MB; nginx enforces the same number first.
inline constexpr std::size_t k_body_bytes = 8U << 20U;
// JSON nesting. FHIR charts reach about 20; deeper input is an attack on recursion.
inline constexpr std::size_t k_json_depth = 64;
// JSON values in one document: bounds the time of every walk over it.
inline constexpr std::size_t k_json_nodes = 500'000;
// One JSON string. Attachments are the only long ones, and nothing here reads them.
inline constexpr std::size_t k_string_bytes = 1U << 20U;
// Resources taken from one request or Bundle.
inline constexpr std::size_t k_resources = 100'000;
// Code systems counted apart in one record. Charts use about ten; the last place takes what is beyond.
inline constexpr std::size_t k_code_systems = 64;
// One local code map.
inline constexpr std::size_t k_concept_map_bytes = 16U << 20U;
// CDS Hooks 3.0, Card Attributes: a summary is fewer than 140 characters.
inline constexpr std::size_t k_summary_characters = 139;
// Cards beside the critical ones; further cards, two or more, are gathered into one. Fewer, better cards.
inline constexpr std::size_t k_cards = 5;
// Characters of chart text repeated in a card: enough to recognise the entry, too few to bury the advice.
inline constexpr std::size_t k_quoted_characters = 120;

// Threads that answer. A request takes about a millisecond of CPU; more threads than cores only bridge slow writes.
inline constexpr std::size_t k_server_threads = 64;
// Of those few compute at a time. One that waits for something without saying so keeps others out so long.
inline constexpr int k_stuck_ms = 20;
// Connections accepted and waiting for a thread; one more gets 503 with Retry-After instead of a place in the queue.
inline constexpr std::size_t k_server_queue = 512;
// Connections the kernel holds for us. A full backlog on a Unix socket is a 502 at the proxy at once.
inline constexpr int k_listen_backlog = 1024;
// After accept() failed for want of something, until it is tried again.
inline constexpr int k_accept_pause_ms = 10;
// Memory from this size on goes back to the system as soon as it is free. glibc's own limit rises to 32 MB once large
// bodies have come, for every thread.
inline constexpr int k_returned_bytes = 256 << 10;
// Free memory that each of glibc's arenas keeps: a usual chart takes some hundred kilobytes, and getting them anew for
// every request cost a fifth of it.
inline constexpr int k_kept_bytes = 512 << 10;
// What an allocation waits for others to give memory back: requests take milliseconds.
inline constexpr int k_memory_wait_ms = 100;
// The same where there is no way to say that none came (base/json.h, app/memory.h); then the process ends.
inline constexpr int k_memory_patience_ms = 60'000;
// Longest request target. Ours have under 100 bytes.
inline constexpr std::size_t k_target_bytes = 1024;
// Reading a request from, or writing an answer to, the proxy, which has buffered both.
inline constexpr int k_socket_seconds = 10;
// After SIGTERM, what requests in flight have to finish.
inline constexpr int k_drain_seconds = 5;
// What a line of the log waits for whoever reads it. Meant for a pipe that is full for a moment.
inline constexpr int k_log_wait_ms = 100;
// Threads and queue of the port for metrics: one scraper and somebody who looks.
inline constexpr std::size_t k_metrics_threads = 2;
inline constexpr std::size_t k_metrics_queue = 16;
// A configuration file. Ours has 3 kB with its comments.
inline constexpr std::size_t k_config_bytes = 64U << 10U;
// A card's detail beyond this tells fewer chart entries: a clinician has eight seconds.
inline constexpr std::size_t k_detail_characters = 2'500;

// Requests of one client at a time: half the threads, so that one client cannot keep the others waiting.
inline constexpr std::size_t k_client_in_flight = 32;
// An Authorization header. Tokens of EHRs have 500 to 1500 bytes.
inline constexpr std::size_t k_authorization_bytes = 8U << 10U;
// A token's jti, and the name of its key (kid): UUIDs and thumbprints have under 50.
inline constexpr std::size_t k_token_id_characters = 256;
// The tenant of a token: it is part of a key in the feedback store, where PostgreSQL takes 2.7 kB at most.
inline constexpr std::size_t k_tenant_bytes = 256;
// RSA moduli: below, a signature can be forged (NIST SP 800-131A); above, checking one takes longer than a request.
inline constexpr int k_rsa_bits_least = 2048;
inline constexpr int k_rsa_bits_most = 8192;
// A client's key set, and the keys in it: EHRs publish two to ten.
inline constexpr std::size_t k_jwks_bytes = 256U << 10U;
inline constexpr std::size_t k_jwks_keys = 100;
// Clocks that differ: how much later or earlier than ours a client's may be.
inline constexpr int k_clock_skew_seconds = 60;
// How long a key set is used when its server does not say, and the shortest and longest that it may say. The longest
// is how long a withdrawn key may still work.
inline constexpr int k_jwks_usual_seconds = 3600;
inline constexpr int k_jwks_least_seconds = 60;
inline constexpr int k_jwks_most_seconds = 86'400;
// Between two fetches of a client's key set because of a kid that is not in it: anybody can invent kids.
inline constexpr int k_unknown_kid_seconds = 60;
// After a fetch that failed, nothing asks that key server again for this long.
inline constexpr int k_jwks_retry_seconds = 10;
// What a call waits for a fetch that another began: a fetch takes a second, and memory that is short a moment more.
inline constexpr int k_jwks_wait_seconds = 3;
// Token ids remembered: 500 calls a second with tokens of five minutes are 180,000 ids, of about 200 bytes each.
inline constexpr std::size_t k_replay_ids = 500'000;
// What a call waits for the shared replay store: a hook answers within about 500 ms.
inline constexpr int k_replay_wait_ms = 250;
// After the shared replay store failed, one call in this time tries it again and the others do not wait for it.
inline constexpr int k_replay_retry_seconds = 1;
// Ids are kept this much longer in the shared store: a clock set wrong by an hour, and right again, frees none early.
inline constexpr int k_replay_margin_seconds = 3600;
// Rows that one clean-up removes, and uses between two: more is removed than comes in, and no call waits long.
inline constexpr int k_replay_purge_rows = 2000;
inline constexpr unsigned k_replay_purge_uses = 1000;
// Connections to a shared replay store on a server. An insert takes about a millisecond.
inline constexpr std::size_t k_replay_connections = 4;
// Bad signatures from one source within this time; further tokens of it are not looked at. A check costs up to 1 ms.
inline constexpr std::size_t k_failures = 20;
inline constexpr int k_failure_seconds = 10;
// Sources counted at a time, of about 400 bytes each. EHRs call from few addresses.
inline constexpr std::size_t k_failure_sources = 10'000;

// One batch of feedback, the values in it, its items, and the suggestions of one: an EHR that sends once a day has
// hundreds of items of about 300 bytes.
inline constexpr std::size_t k_feedback_bytes = 1U << 20U;
inline constexpr std::size_t k_feedback_values = 50'000;
inline constexpr std::size_t k_feedback_items = 1000;
inline constexpr std::size_t k_feedback_suggestions = 20;
// The code of an override reason and its system. Ours have under 30 and under 100.
inline constexpr std::size_t k_reason_code_characters = 64;
inline constexpr std::size_t k_reason_system_characters = 256;
// A comment in feedback: two pages of text. More is no comment about a card.
inline constexpr std::size_t k_comment_bytes = 4096;
// A file of secret keys, each in a line of under 100: one is in use and few are kept from before.
inline constexpr std::size_t k_key_file_bytes = 16U << 10U;
// What an answer waits for the feedback store, once for others and once for the file: a hook answers within 500 ms.
inline constexpr int k_feedback_wait_ms = 150;
// The same for a database, where opening a session counts; and what a start waits for it.
inline constexpr int k_feedback_database_wait_ms = 250;
inline constexpr int k_feedback_open_seconds = 5;
// What a start waits for others that open a file in its folder, which takes milliseconds, and after a crash seconds.
inline constexpr int k_opening_seconds = 5;
// Rows that are handed over from a spool at a time: a database takes them well within that wait.
inline constexpr std::size_t k_feedback_spool_rows = 100;
// After the feedback store failed, one hook in this time tries it again and the others do not wait for it.
inline constexpr int k_feedback_retry_seconds = 1;
// Sessions with the feedback store that hooks read with, and those of lists and purges; what the latter wait, and what
// a change of the tables does. A count over two years of a large site takes a few seconds.
inline constexpr std::size_t k_feedback_quick_sessions = 4;
inline constexpr std::size_t k_feedback_patient_sessions = 2;
inline constexpr int k_feedback_report_seconds = 30;
inline constexpr int k_feedback_migrate_seconds = 600;
// Rows that a purge deletes at a time: what is recorded meanwhile waits for some milliseconds.
inline constexpr int k_feedback_purge_rows = 500;
// Between two rewrites of SQLite's file after rows were deleted: for the seconds that one takes nothing is recorded.
inline constexpr int k_feedback_rewrite_hours = 24;
// Answers about one patient's cards that are looked at: a chart opened daily for a month has fewer.
inline constexpr int k_past_answers = 200;
// Counts for others: fewer cards than this are not given (cards, not persons), and those of a month are given when so
// many days have passed since its end: by then an EHR that sends once a week has sent.
inline constexpr std::size_t k_small_cell = 11;
inline constexpr int k_month_closes_days = 10;

// One reply of a FHIR server, and its head.
inline constexpr std::size_t k_reply_bytes = 8U << 20U;
inline constexpr std::size_t k_reply_head_bytes = 16U << 10U;
// Pages followed of one search, and bytes fetched for one request: a chart that needs more is named as not checked.
inline constexpr std::size_t k_pages = 20;
inline constexpr std::size_t k_fetched_bytes = 32U << 20U;
// From a request's arrival to its answer, what fetching may use of it (CDS Hooks 3.0: an answer in about 500 ms).
inline constexpr int k_deadline_ms = 450;
inline constexpr int k_answer_reserve_ms = 50;
// Connections to one FHIR server at a time.
inline constexpr long k_sockets_per_host = 8;
// An address that is called. Servers commonly take 8 kB; ours have under 500 bytes.
inline constexpr std::size_t k_url_bytes = 8U << 10U;
// A bearer token that an EHR hands us for its FHIR server.
inline constexpr std::size_t k_bearer_bytes = 4096;
// Names looked up at a time. A look-up that hangs in the system's resolver holds its thread for half a minute.
inline constexpr std::size_t k_resolver_threads = 4;
// Names waiting or remembered. They come from the configuration: a site has a handful.
inline constexpr std::size_t k_resolver_hosts = 256;
// How long a name's addresses are used again.
inline constexpr int k_resolved_seconds = 30;
// Failures in a row after which a server is left alone, for how long, and how many servers are watched.
inline constexpr int k_breaker_failures = 5;
inline constexpr int k_breaker_seconds = 10;
inline constexpr std::size_t k_breaker_hosts = 256;

// One line of the audit trail. Ours have about 1 kB; the longest names the rules of every card.
inline constexpr std::size_t k_audit_line_bytes = 64U << 10U;
// Lines of the audit trail after which one is signed, where a key is configured: what may be rewritten unnoticed.
inline constexpr std::size_t k_audit_head_lines = 1000;
// What is refused is counted so long for one event, and no line stays unsigned longer: 1440 events a day and reason.
inline constexpr int k_audit_minute_seconds = 60;
// How long a line waits for another process that writes to the same audit trail, which takes microseconds.
inline constexpr int k_audit_lock_ms = 20;

// The console: threads that answer and connections that wait, for the handful of people who look at it.
inline constexpr std::size_t k_console_threads = 8;
inline constexpr std::size_t k_console_queue = 64;
// A user's name, and a password; longer ones are refused unread.
inline constexpr std::size_t k_console_name_characters = 64;
inline constexpr std::size_t k_password_least = 12;
inline constexpr std::size_t k_password_most = 1024;
// A users file: a line has about 150 bytes.
inline constexpr std::size_t k_users_bytes = 256U << 10U;
// Sessions at a time; how long one lasts unused, and at most.
inline constexpr std::size_t k_console_sessions = 200;
inline constexpr int k_session_idle_seconds = 1800;
inline constexpr int k_session_seconds = 43'200;
// Passwords that failed within this time, of one user and from one address, after which no further one is tried; and
// how many users and addresses are remembered.
inline constexpr std::size_t k_login_failures_of_user = 5;
inline constexpr std::size_t k_login_failures_of_remote = 20;
inline constexpr int k_login_failure_seconds = 60;
inline constexpr std::size_t k_login_sources = 1000;
// Hours that the console's figures reach back: a week.
inline constexpr std::size_t k_figure_hours = 168;
// Codes of a client that nobody reads, counted apart; the patients in whose charts one was seen before it is shown:
// what only a few have could name them. And their lengths: longer ones are no codes.
inline constexpr std::size_t k_lost_codes = 1000;
inline constexpr std::size_t k_lost_code_patients = 5;
inline constexpr std::size_t k_lost_code_characters = 32;
inline constexpr std::size_t k_lost_system_characters = 200;
// Answers below which nothing is said of how often a rule is overridden.
inline constexpr std::size_t k_flagged_answers = 20;
// A file that the console hands out: two years of a large site's rows are about a third of it.
inline constexpr std::size_t k_export_bytes = 64U << 20U;
// Patients to try that are listed.
inline constexpr std::size_t k_console_patients = 500;

}  // namespace proctor::limits
