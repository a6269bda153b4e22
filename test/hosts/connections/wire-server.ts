/** Servers that speak just enough of MongoDB's protocol for one answer that FerretDB does not give. */
import type { Socket } from "node:net";
import { BSON } from "mongodb";

const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;

const int32s = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32LE(value, index * 4);
  return bytes;
};

/** The reply to a message in the form that it came in: a driver says its first hello with OP_QUERY. */
const encodeReply = (message: Buffer, document: object): Buffer => {
  const requestId = message.readInt32LE(4);
  const isQuery = message.readInt32LE(12) === opQuery;
  // Flags, cursor, start and number; or flags and a section of one document.
  const fields = isQuery ? int32s(0, 0, 0, 0, 1) : Buffer.concat([int32s(0), Buffer.from([0])]);
  const body = Buffer.concat([fields, BSON.serialize(document)]);
  return Buffer.concat([int32s(16 + body.length, 0, requestId, isQuery ? opReply : opMsg), body]);
};

const serving = (answer: (message: Buffer) => object) => (socket: Socket) =>
  void socket.on("data", (message) => socket.write(encodeReply(message, answer(message))));

const hello = (maxWireVersion: number) => ({
  ismaster: true,
  minWireVersion: 0,
  maxWireVersion,
  maxBsonObjectSize: 16 * 2 ** 20,
  ok: 1,
});

/** Answers hello as MongoDB 3.6 did. */
export const asIfOld = serving(() => hello(6));

/** Answers hello with members of another type than a driver can read. */
export const withOddMembers = serving(() => ({ ...hello(21), setName: "x", hosts: 5 }));

/** Says that it is an arbiter, where the driver does not log in, and that a ping is fine. */
export const asArbiter = serving((message) =>
  message.includes("ismaster")
    ? { ...hello(21), setName: "x", arbiterOnly: true, hosts: ["a:27017"] }
    : { ok: 1 },
);

const badAuth = {
  ok: 0,
  errmsg: "bad auth : authentication failed",
  code: 8000,
  codeName: "AtlasError",
};

/** Answers hello as a server of today does, and a login in the words of Atlas (docs/connections.md). */
export const refusingAsAtlas = serving((message) =>
  message.includes("ismaster") ? hello(25) : badAuth,
);
