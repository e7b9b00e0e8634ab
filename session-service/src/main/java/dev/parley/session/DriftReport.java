package dev.parley.session;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What comparing the Library with its stores found, told line by line as it is found. One thread.
 */
final class DriftReport {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String UNREACHABLE = "unreachable";

  private final PrintStream out;
  private final boolean isJson;
  private final Map<String, Integer> counts = new TreeMap<>();
  private long objects;
  private long keys;
  private long uploads;
  private int mended;

  DriftReport(PrintStream out, boolean isJson) {
    this.out = out;
    this.isJson = isJson;
  }

  /**
   * One difference.
   *
   * @param kind what it is, in a word
   * @param tenant whose it is; null if nobody's
   * @param detail more of it, for whoever reads
   */
  record Entry(String kind, String store, String key, @Nullable String tenant, String detail) {}

  void lookedAtObjects(int count) {
    objects += count;
  }

  void lookedAtKeys(int count) {
    keys += count;
  }

  void lookedAtUploads(int count) {
    uploads += count;
  }

  /**
   * Tells one.
   *
   * @param outcome what was done about it, or null if nothing was to be
   */
  void tell(Entry entry, @Nullable String outcome, boolean isMended) {
    counts.merge(entry.kind(), 1, Integer::sum);
    mended += isMended ? 1 : 0;
    if (isJson) {
      ObjectNode node = MAPPER.createObjectNode();
      node.put("kind", entry.kind()).put("store", entry.store()).put("key", entry.key());
      if (entry.tenant() != null) {
        node.put("tenant", entry.tenant());
      }
      node.put("detail", entry.detail());
      if (outcome != null) {
        node.put("outcome", outcome).put("mended", isMended);
      }
      out.println(node);
    } else {
      String owner = entry.tenant() == null ? "-" : entry.tenant();
      out.println(
          String.join("  ", entry.kind(), entry.store(), entry.key(), owner, entry.detail())
              + (outcome == null ? "" : "  -> " + outcome));
    }
  }

  /** Tells the sums and returns whether all that was looked at is as it should be. */
  boolean end() {
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    if (isJson) {
      ObjectNode node = MAPPER.createObjectNode();
      node.put("objects", objects).put("keys", keys).put("uploads", uploads).put("mended", mended);
      ObjectNode found = node.putObject("found");
      counts.forEach(found::put);
      out.println(node);
    } else {
      out.println(
          "looked at "
              + objects
              + " objects, "
              + keys
              + " names at stores, "
              + uploads
              + " uploads under way: "
              + (all == 0
                  ? "nothing differs"
                  : counts + (mended == 0 ? "" : ", mended " + mended)));
      if (counts.containsKey(UNREACHABLE)) {
        out.println("UNREACHABLE: of these nothing is known; ask again when their stores answer");
      }
    }
    return all == 0;
  }
}
