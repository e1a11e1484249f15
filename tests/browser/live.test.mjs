// How the console follows what others do, as far as it is plain computing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadLive } from "./src/texts.mjs";

const { merge, Reader, coalesce, kept } = await loadLive();

const BO = { id: "bo", name: "Bo" };
const MEI = { id: "mei", name: "Mei" };
const plain = {
  number: 7,
  state: "open",
  assignee: null,
  group: null,
  tags: ["vip", "printer"],
  impact: 3,
  urgency: 3,
  pending_reason: null,
  pending_until: null,
  legal_hold: false,
  links: [],
  participants: [],
};
const but = (changes) => ({ ...plain, ...changes });
const assign = (assignee, group) => ({ put: "assignment", body: { assignee, group } });
const tag = (...tags) => ({ put: "tags", body: { tags } });

test("What others left alone is set on what they made of the rest · 他人未改动的部分照常更改", () => {
  assert.deepEqual(merge(plain, but({ group: MEI, tags: [] }), assign("bo", null)), { again: assign("bo", "mei") });
  assert.deepEqual(merge(plain, but({ impact: 1 }), { put: "priority", body: { impact: 3, urgency: 2 } }), { again: { put: "priority", body: { impact: 1, urgency: 2 } } });
  assert.deepEqual(merge(plain, but({ tags: [] }), { put: "solution", body: {} }), { again: { put: "solution", body: {} } });
  assert.deepEqual(merge(plain, but({ assignee: BO }), { put: "links/related/9" }), { again: { put: "links/related/9" } });
  assert.deepEqual(merge(but({ state: "new" }), plain, { put: "solution", body: {} }), { again: { put: "solution", body: {} } }, "that somebody began is no answer to a solution");
});

test("What others changed, too, is asked about, and the answer is ready to be sent · 他人同样更改过的属性会询问，并备好待发送的更改", () => {
  assert.deepEqual(merge(plain, but({ assignee: MEI, group: BO }), assign("bo", null)), { clash: { field: "assignee", theirs: "mei", mine: "bo" }, again: assign("bo", "bo") });
  assert.deepEqual(merge(plain, but({ state: "solved" }), { put: "pending", body: { reason: "parts", until: null } }), {
    clash: { field: "state", theirs: "solved", mine: "pending" },
    again: { put: "pending", body: { reason: "parts", until: null } },
  });
  const waits = but({ state: "pending", pending_reason: "a call" });
  assert.deepEqual(merge(plain, waits, { put: "pending", body: { reason: "parts", until: null } }).clash, { field: "pending_reason", theirs: "a call", mine: "parts" });
});

test("What others have done already is done · 他人已完成的更改不再重复", () => {
  assert.equal(merge(plain, but({ assignee: BO }), assign("bo", null)), "done");
  assert.equal(merge(plain, but({ state: "solved" }), { put: "solution", body: {} }), "done");
  assert.equal(merge(plain, but({ legal_hold: true }), { put: "legal-hold" }), "done");
  const linked = but({ links: [{ relation: "related", number: 9 }] });
  assert.equal(merge(linked, plain, { delete: "links/related/9" }), "done");
  assert.equal(merge(plain, linked, { put: "links/related/9" }), "done");
  const watched = but({ participants: [{ role: "watcher", who: { kind: "agent", id: "bo" }, until: null }] });
  assert.equal(merge(plain, watched, { put: "participants/watcher/agent/bo", body: { until: null } }), "done");
  assert.deepEqual(merge(plain, but({ tags: [] }), { put: "participants/watcher/agent/bo", body: { until: null } }), { again: { put: "participants/watcher/agent/bo", body: { until: null } } });
});

test("Tags of both are merged as what each added and took away · 双方的标签按增减合并", () => {
  assert.deepEqual(merge(plain, but({ tags: ["vip", "printer", "bo"] }), tag("vip", "printer", "mei")), { again: tag("vip", "printer", "bo", "mei") });
  assert.deepEqual(merge(plain, but({ tags: ["printer", "bo"] }), tag("vip", "mei")), { again: tag("bo", "mei") });
  assert.equal(merge(plain, but({ tags: ["printer"] }), tag("printer")), "done");
});

test("A merge or its undoing is not repeated on another state · 状态已变时不会重复合并或撤销", () => {
  assert.deepEqual(merge(plain, but({ state: "solved" }), { put: "merger", body: { into: 3 } }).clash?.field, "state/merger");
  assert.deepEqual(merge(plain, but({ tags: [] }), { put: "merger", body: { into: 3 } }), { again: { put: "merger", body: { into: 3 } } });
});

test("What is told is read from pieces, wherever they end, and what is not known is passed over · 无论在何处断开都能读出通知，未知的通知会跳过", () => {
  const text = [
    'event: begin\nid: 41\ndata: {"sequence": 41, "resumed": false}\n\n',
    ": here\n\n",
    "id: 41\n: here\n\n",
    'event: change\r\nid: 42\r\ndata: {"sequence": 42, "kind": "message.added",\r\ndata:  "ticket": 12, "customer": null}\r\n\r\n',
    'event: weather\ndata: {"rain": true}\n\n',
    'event: presence\ndata: {"ticket": 12, "agent": {"id": "bo", "name": "Bo: 博"}, "here_ms": 45000, "typing_ms": 0}\n\n',
  ].join("");
  const told = [
    { what: "begin", sequence: 41, resumed: false },
    { what: "place", sequence: 41 },
    { what: "change", sequence: 42, kind: "message.added", ticket: 12, customer: null },
    { what: "presence", ticket: 12, agent: { id: "bo", name: "Bo: 博" }, here_ms: 45000, typing_ms: 0 },
  ];
  for (const size of [1, 2, 3, 7, 50, text.length]) {
    const reader = new Reader();
    const read = [];
    for (let at = 0; at < text.length; at += size) read.push(...reader.push(text.slice(at, at + size)));
    assert.deepEqual(read, told, `in pieces of ${size}`);
  }
});

test("What is asked for many times is done at once, and once more afterwards · 多次请求立即执行一次，之后再执行一次", async () => {
  const EVERY_MS = 20;
  const begun = [];
  let end;
  const ended = new Promise((done) => (end = done));
  const one = coalesce(async () => {
    begun.push(performance.now());
    if (begun.length === 2) end();
  }, EVERY_MS);
  for (let count = 0; count < 5; count++) one.ask();
  assert.equal(begun.length, 1, "at once");
  one.ask();
  await ended;
  assert.ok(begun[1] - begun[0] >= EVERY_MS - 1, `${begun[1] - begun[0]} ms`);
  one.stop();
});

test("What failed is done again by itself · 失败后会自动重试", async () => {
  let [end, times] = [() => {}, 0];
  const ended = new Promise((done) => (end = done));
  const one = coalesce(async () => {
    times++;
    if (times < 3) throw new Error("away");
    end();
  }, 1);
  one.ask();
  await ended;
  assert.equal(times, 3);
  one.stop();
});

test("What says the same stays the same · 内容相同则保持不变", () => {
  const [one, two] = [{ id: 1, text: "a" }, { id: 2, text: "b" }];
  const before = [one, two];
  const idOf = (item) => item.id;
  assert.equal(kept(before, [{ id: 1, text: "a" }, { id: 2, text: "b" }], idOf), before);
  const after = kept(before, [{ id: 2, text: "b" }, { id: 1, text: "c" }], idOf);
  assert.equal(after[0], two);
  assert.deepEqual(after[1], { id: 1, text: "c" });
});
