// Light or dark: as the system says, until the reader says otherwise here. Runs before the page is painted.
const key = 'proctor-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const systemTheme = () => (system.matches ? 'dark' : 'light');

// Storage may be switched off in a browser; then the choice lasts as long as the page.
let chosen = null;
try {
  chosen = localStorage.getItem(key);
} catch {}
if (chosen !== 'light' && chosen !== 'dark') chosen = null;

export const theme = () => chosen ?? systemTheme();

function apply() {
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  dispatchEvent(new Event('themechange'));
}

// What is chosen as the system has it anyway follows the system again.
export function toggleTheme() {
  const other = theme() === 'dark' ? 'light' : 'dark';
  chosen = other === systemTheme() ? null : other;
  try {
    if (chosen) localStorage.setItem(key, chosen);
    else localStorage.removeItem(key);
  } catch {}
  apply();
}

system.addEventListener('change', apply);
apply();
