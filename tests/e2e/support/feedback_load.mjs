// Clients that send feedback without a pause, and again what was not acknowledged, while the service is killed and started. Their log says what
// was: a card is acknowledged when the 200 of its batch has arrived whole.
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const batchSize = 50;
const connections = 8;

const item = (card) => ({ card, outcome: 'overridden', outcomeTimestamp: '2026-06-15T12:00:00Z' });
const makeBatch = () => Array.from({ length: batchSize }, () => randomUUID());

export class FeedbackLoad {
  acknowledged = new Set(); // cards
  sentAgain = 0;            // batches
  refused = new Map();      // answer, or what was wrong with the connection: how often
  #send;                    // of feedback; gives an answer, or fails
  #again = [];              // batches that were sent and not acknowledged
  #progress = new EventEmitter();
  #up = Promise.resolve();
  #enough = false;

  constructor(send) {
    this.#send = send;
    this.workers = Array.from({ length: connections }, () => this.#work());
  }

  // Until so many more cards are acknowledged.
  async acknowledgedMore(count) {
    const goal = this.acknowledged.size + count;
    while (this.acknowledged.size < goal) await once(this.#progress, 'acknowledged');
  }
  // What failed is sent again only once the promise is kept.
  async whileAway(up) {
    this.#up = up;
    await up;
  }
  // Everything that was ever sent is acknowledged.
  async end() {
    this.#enough = true;
    await Promise.all(this.workers);
  }

  async #work() {
    while (!this.#enough || this.#again.length > 0) {
      const old = this.#again.shift();
      if (old) ++this.sentAgain;
      const batch = old ?? makeBatch();
      const answer = await this.#send(batch.map(item)).catch((error) => ({ status: error.code ?? error.message }));
      if (answer.status === 200) {
        for (const card of batch) this.acknowledged.add(card);
        this.#progress.emit('acknowledged');
      } else {
        this.refused.set(answer.status, (this.refused.get(answer.status) ?? 0) + 1);
        this.#again.push(batch);
        await Promise.all([this.#up, pause(1000 * (answer.headers?.['retry-after'] ?? 0))]);
      }
    }
  }
}

// Of the rows' cards: what was acknowledged and is not there, and what is there twice.
export function compare(acknowledged, rows) {
  const kept = new Set(rows);
  return { acknowledged: acknowledged.size, rows: rows.length, lost: [...acknowledged].filter((card) => !kept.has(card)).length, doubled: rows.length - kept.size };
}
