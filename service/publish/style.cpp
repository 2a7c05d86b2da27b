#include "publish/catalogue_parts.h"

namespace proctor::publish {

std::string_view style_sheet() {
    return R"css(:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #ffffff; --tint: #f4f6f8; --link: #0550ae;
  --critical: #a40e26; --warning: #7a4b00; --info: #0b5394; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #a4adb8; --line: #3a424c; --paper: #14181d; --tint: #1d232a; --link: #7ab7ff;
    --critical: #ff8f9c; --warning: #f0b75e; --info: #86b9f0; }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
header { position: sticky; top: 0; background: var(--paper); border-bottom: 1px solid var(--line); }
nav, main { max-width: 60rem; margin: 0 auto; padding: 0.6rem 1.2rem; }
nav a { margin-right: 1.4rem; }
a { color: var(--link); }
h1 { font-size: 1.9rem; margin: 1.2rem 0 0.4rem; }
h2 { font-size: 1.35rem; margin: 2.2rem 0 0.3rem; }
h3 { font-size: 1.05rem; margin: 1.4rem 0 0.3rem; }
h4 { font-size: 1rem; margin: 1rem 0 0.2rem; color: var(--soft); }
section { scroll-margin-top: 3.5rem; border-top: 2px solid var(--line); margin-top: 2.4rem; }
dt { scroll-margin-top: 3.5rem; }
p, ul { margin: 0.4rem 0; }
ul { padding-left: 1.3rem; }
.lead { font-size: 1.1rem; color: var(--soft); }
.meta, .terms { color: var(--soft); font-size: 0.9rem; }
.terms a { display: inline-block; margin-right: 0.7rem; }
.row { border-left: 4px solid var(--line); background: var(--tint); padding: 0.5rem 1rem; margin: 0.7rem 0; }
.card { font-weight: 600; }
.profile { font-weight: 400; font-size: 0.9rem; }
.logic ul { list-style: disc; }
.badge { display: inline-block; min-width: 4.6rem; padding: 0 0.5rem; border: 1.5px solid currentColor; border-radius: 1rem; font-size: 0.8rem;
  font-weight: 600; text-align: center; }
.badge.critical { color: var(--critical); }
.badge.warning { color: var(--warning); }
.badge.info { color: var(--info); }
table { border-collapse: collapse; width: 100%; margin: 0.6rem 0; font-size: 0.95rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--line); }
table.facts th { width: 15rem; font-weight: 600; color: var(--soft); }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.9em; overflow-wrap: anywhere; }
dt { font-weight: 600; margin-top: 1rem; }
dd { margin: 0.1rem 0 0 1.2rem; }
@media print {
  :root { --ink: #000; --soft: #333; --line: #999; --paper: #fff; --tint: #fff; --link: #000; --critical: #000; --warning: #000; --info: #000; }
  header { display: none; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  section { break-before: page; border-top: 0; margin-top: 0; }
  .row, tr, dt { break-inside: avoid; }
  .terms a { text-decoration: none; }
}
)css";
}

}  // namespace proctor::publish
