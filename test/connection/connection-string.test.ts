import { expect, it } from "vitest";
import { readConnectionString } from "../../src/connection/connection-string.ts";

it.each([
  ["mongodb+srv://orders.ab12c.mongodb.net", { srv: "orders.ab12c.mongodb.net" }],
  ["mongodb+srv://Orders.ab12c.mongodb.net/", { srv: "orders.ab12c.mongodb.net" }],
  ["mongodb+srv://orders.ab12c.mongodb.net/shop?w=1", { srv: "orders.ab12c.mongodb.net" }],
  ["mongodb+srv://a.b.c/?authSource=x", { srv: "a.b.c", authSource: "x" }],
  ["mongodb://a.b", { hosts: [{ host: "a.b", port: 27017 }] }],
  [
    "mongodb://A.b:27016,c.d:27018/?ssl=true&authSource=admin",
    {
      hosts: [
        { host: "a.b", port: 27016 },
        { host: "c.d", port: 27018 },
      ],
      authSource: "admin",
    },
  ],
  ["mongodb://203.0.113.7:1", { hosts: [{ host: "203.0.113.7", port: 1 }] }],
  ["mongodb://[2001:db8::1]:1", { hosts: [{ host: "2001:db8::1", port: 1 }] }],
])("reads %s", (text, target) => {
  expect(readConnectionString(text)).toEqual(target);
});

it.each([
  "",
  "https://a.b",
  "mongodb://",
  "mongodb://user:word@a.b/",
  "mongodb://user@a.b/",
  "mongodb+srv://user:word@a.b.c/",
  "mongodb+srv://a.b.c:27017/",
  "mongodb+srv://a.b.c,d.e.f/",
  "mongodb://a.b:0/",
  "mongodb://a.b:65536/",
  "mongodb://a.b:/",
  "mongodb://a.b,/",
  "mongodb://%2Ftmp%2Fmongodb.sock/",
  "mongodb://[a.b]:1/",
  "mongodb://a b/",
])("reads nothing from %j", (text) => {
  expect(readConnectionString(text)).toBeUndefined();
});
