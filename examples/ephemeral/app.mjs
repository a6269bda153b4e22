// A small application: counts its own visits in MongoDB. It knows the database only by MONGODB_URI.
//   node --env-file=FILE examples/ephemeral/app.mjs
import { MongoClient } from "mongodb";

const { MONGODB_URI } = process.env;
if (!MONGODB_URI) {
  console.error("MONGODB_URI is not set: node --env-file=FILE examples/ephemeral/app.mjs");
  process.exit(2);
}

const client = new MongoClient(MONGODB_URI, { serverSelectionTimeoutMS: 10_000 });
try {
  const visits = client.db("example").collection("visits");
  await visits.insertOne({ at: new Date() });
  console.log(`visits so far: ${await visits.countDocuments()}`);
} catch (error) {
  console.error(`The database does not answer: ${error.message}`);
  process.exitCode = 1;
} finally {
  await client.close();
}
