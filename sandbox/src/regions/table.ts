/** The regions of each cloud provider, as data. */
/** The regions of one instance size; `recommended` are those that the API marks `default: true`. */
export type SizeRegions = {
  name: string;
  regions: readonly string[];
  recommended: readonly string[];
};

const words = (...lines: string[]): string[] => lines.flatMap((line) => line.split(" "));

/** The regions of dedicated clusters on AWS, in the recorded order. */
const dedicatedOnAws = words(
  "US_EAST_1 US_EAST_2 US_WEST_1 US_WEST_2 CA_CENTRAL_1 EU_NORTH_1 EU_WEST_1 EU_WEST_2 EU_WEST_3",
  "EU_CENTRAL_1 EU_CENTRAL_2 SA_EAST_1 AP_EAST_1 AP_EAST_2 AP_SOUTHEAST_2 AP_SOUTHEAST_3",
  "AP_SOUTHEAST_4 AP_SOUTHEAST_5 AP_SOUTHEAST_6 AP_SOUTHEAST_7 AP_NORTHEAST_1 AP_NORTHEAST_2",
  "AP_NORTHEAST_3 AP_SOUTHEAST_1 AP_SOUTH_1 AP_SOUTH_2 ME_CENTRAL_1 ME_SOUTH_1 AF_SOUTH_1",
  "EU_SOUTH_1 EU_SOUTH_2 IL_CENTRAL_1 CA_WEST_1 MX_CENTRAL_1",
);

/** The cloud providers and the instance sizes that the sandbox knows for each. */
export const providers: Record<string, readonly SizeRegions[]> = {
  // Flex: MongoDB's reference pages "Amazon AWS", "Google Cloud" and "Microsoft Azure", column "Flex",
  // read 2026-11-23. The other sizes of AWS: recorded responses of the regions operation, 2026-08-10 (docs/atlas.md#regions);
  // they make clients pick the right size from the list. Which flex regions are recommended is an assumption.
  AWS: [
    {
      name: "FLEX",
      recommended: ["US_EAST_1", "US_WEST_2"],
      regions: words(
        "US_EAST_1 US_WEST_2 SA_EAST_1 AP_SOUTHEAST_1 AP_SOUTHEAST_2 AP_SOUTH_1 AP_EAST_1",
        "AP_NORTHEAST_1 AP_NORTHEAST_2 EU_WEST_1 EU_CENTRAL_1 EU_NORTH_1 EU_WEST_3 ME_SOUTH_1 AF_SOUTH_1",
      ),
    },
    {
      name: "M10",
      recommended: ["US_EAST_1", "US_WEST_2"],
      regions: dedicatedOnAws,
    },
    {
      name: "M20",
      recommended: ["US_EAST_1", "US_WEST_2"],
      regions: dedicatedOnAws,
    },
    { name: "M0", recommended: ["US_EAST_1"], regions: words("US_EAST_1 US_EAST_2") },
  ],
  GCP: [
    {
      name: "FLEX",
      recommended: ["CENTRAL_US"],
      regions: words(
        "CENTRAL_US SOUTH_AMERICA_EAST_1 EASTERN_ASIA_PACIFIC NORTHEASTERN_ASIA_PACIFIC ASIA_NORTHEAST_3",
        "SOUTHEASTERN_ASIA_PACIFIC ASIA_SOUTH_1 ASIA_SOUTHEAST_2 WESTERN_EUROPE",
      ),
    },
  ],
  AZURE: [
    {
      name: "FLEX",
      recommended: ["US_EAST_2"],
      regions: words(
        "US_EAST_2 US_WEST CANADA_CENTRAL CHILE_CENTRAL EUROPE_NORTH EUROPE_WEST ASIA_EAST INDIA_CENTRAL",
        "INDONESIA_CENTRAL MALAYSIA_WEST",
      ),
    },
  ],
};
