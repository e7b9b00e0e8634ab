package dev.parley.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.config.Setting;
import dev.parley.common.config.SettingType;
import dev.parley.common.config.Settings;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code ./parley library}: compares what the Library knows of objects with
 * what their stores have, and mends on request. It asks the stores itself.
 */
final class LibraryCheck {
  private static final int AT_ONCE_MAX = 64;
  private static final String OBJECTS = "/admin/library/objects";
  private static final String STORES = "/admin/library/stores";
  private static final JsonMapper MAPPER = new JsonMapper();

  private static final Setting<Optional<String>> STORE =
      Setting.of(
          "store",
          "Only this store; all of the configuration if it is left out.",
          SettingType.optional(SettingType.text("a store's id", "[A-Za-z0-9._-]{1,64}")),
          "");

  private static final Setting<Boolean> DEEP =
      Setting.of(
          "deep",
          "Read every object's bytes and hash them: as much traffic as there are bytes.",
          SettingType.flag(),
          "false");

  private static final Setting<Boolean> REPAIR =
      Setting.of(
          "repair",
          "Mark what is lost, and what is back; remove what no object is; give abandoned uploads up.",
          SettingType.flag(),
          "false");

  private static final Setting<Duration> GRACE =
      Setting.of(
          "grace",
          "What a store has had for less is left alone.",
          SettingType.duration(Duration.ZERO, Duration.ofDays(365)),
          "24h");

  private static final Setting<Boolean> JSON =
      Setting.of(
          "json", "A JSON object a line; the last has the sums.", SettingType.flag(), "false");

  private static final Setting<Integer> AT_ONCE =
      Setting.of(
          "at-once",
          "How many objects stores are asked for at a time.",
          SettingType.integer(1, AT_ONCE_MAX, ""),
          "8");

  private static final OperatorCommand COMMAND =
      new OperatorCommand(
          "library",
          List.of("check"),
          List.of(
              STORE,
              DEEP,
              REPAIR,
              GRACE,
              JSON,
              AT_ONCE,
              SessionSettings.ADMIN_ADDRESS,
              SessionSettings.ADMIN_PORT));

  private final Settings settings;
  private final AdminClient admin;
  private final DriftReport report;

  private LibraryCheck(Settings settings, AdminClient admin, PrintStream out) {
    this.settings = settings;
    this.admin = admin;
    this.report = new DriftReport(out, settings.value(JSON));
  }

  /** See {@link #run} for the exit status. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  /**
   * Returns 0 if nothing differs, 1 if something does, though it be mended, or nothing is known, 2
   * if it was asked wrong.
   */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    return COMMAND.run(
        arguments,
        environment,
        out,
        err,
        (_, settings, admin) -> new LibraryCheck(settings, admin, out).check());
  }

  private int check() throws AdminClient.RefusedException {
    List<String> stores = new ArrayList<>();
    for (JsonNode store : admin.get(STORES).path("data")) {
      if (isWanted(store.path("id").asText())) {
        stores.add(store.path("id").asText());
      }
    }
    if (stores.isEmpty()) {
      throw new AdminClient.RefusedException("no object store of that name is configured");
    }
    try (StoreProbe probe = new StoreProbe(settings.value(DEEP));
        ExecutorService asking = Executors.newFixedThreadPool(settings.value(AT_ONCE))) {
      JsonNode page = admin.get(OBJECTS);
      while (true) {
        compare(page, probe, asking);
        if (!page.has("next")) {
          break;
        }
        page = admin.get(OBJECTS + "?cursor=" + encoded(page.path("next").asText()));
      }
    }
    for (String store : stores) {
      String path = STORES + "/" + encoded(store);
      try {
        sweep(store, path + "/strays", "stray", report::lookedAtKeys);
        sweep(store, path + "/uploads", "abandoned", report::lookedAtUploads);
      } catch (AdminClient.RefusedException e) {
        // Of the other stores something can be known all the same.
        String detail = String.valueOf(e.getMessage());
        report.tell(new DriftReport.Entry("unreachable", store, "-", null, detail), null, false);
      }
    }
    return report.end() ? 0 : 1;
  }

  private boolean isWanted(String store) {
    return settings.value(STORE).map(store::equals).orElse(true);
  }

  private void compare(JsonNode page, StoreProbe probe, ExecutorService asking)
      throws AdminClient.RefusedException {
    List<JsonNode> objects = new ArrayList<>();
    List<Future<StoreProbe.Answer>> answers = new ArrayList<>();
    for (JsonNode object : page.path("data")) {
      if (isWanted(object.path("store").asText())) {
        objects.add(object);
        answers.add(asking.submit(() -> probe.ask(object)));
      }
    }
    for (int i = 0; i < objects.size(); i++) {
      judge(objects.get(i), answered(answers.get(i)), probe);
    }
    report.lookedAtObjects(objects.size());
  }

  private void judge(JsonNode object, StoreProbe.Answer answer, StoreProbe probe)
      throws AdminClient.RefusedException {
    if (isAsKnown(object, answer)) {
      return;
    }
    // Somebody may have erased it, or brought it back, while the page was looked at.
    JsonNode now = admin.get(OBJECTS + "/" + encoded(object.path("id").asText()));
    String state = now.path("state").asText();
    StoreProbe.Answer again = probe.ask(now);
    if ((!state.equals("available") && !state.equals("lost")) || isAsKnown(now, again)) {
      return;
    }
    boolean isBack = again.verdict() == StoreProbe.Verdict.SAME;
    String kind =
        isBack ? "returned" : again.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-');
    DriftReport.Entry entry =
        new DriftReport.Entry(
            kind,
            now.path("store").asText(),
            now.path("key").asText(),
            now.path("tenant").asText(),
            isBack ? "it was lost, and is there again" : again.detail());
    boolean canBeSettled =
        again.verdict() != StoreProbe.Verdict.UNREACHABLE
            && again.verdict() != StoreProbe.Verdict.NO_STORE;
    if (settings.value(REPAIR) && canBeSettled) {
      settle(entry, now, again.sha256());
    } else {
      report.tell(entry, null, false);
    }
  }

  /** True if a store has what is available, and has not what is lost. */
  private static boolean isAsKnown(JsonNode object, StoreProbe.Answer answer) {
    boolean isSame = answer.verdict() == StoreProbe.Verdict.SAME;
    return object.path("state").asText().equals("lost")
        ? !isSame && answer.verdict() != StoreProbe.Verdict.UNREACHABLE
        : isSame;
  }

  private void settle(DriftReport.Entry entry, JsonNode object, @Nullable String sha256) {
    ObjectNode body = MAPPER.createObjectNode();
    if (sha256 != null) {
      body.put("sha256", sha256);
    }
    String id = object.path("id").asText();
    try {
      JsonNode settled = admin.post(OBJECTS + "/" + encoded(id) + "/settle", body);
      String state = settled.path("state").asText();
      boolean isMended = !state.equals(object.path("state").asText());
      report.tell(entry, isMended ? state : "still " + state, isMended);
    } catch (AdminClient.RefusedException e) {
      report.tell(entry, String.valueOf(e.getMessage()), false);
    }
  }

  /** What counts entries that were looked at. */
  @FunctionalInterface
  private interface Count {
    void add(int count);
  }

  private void sweep(String store, String path, String kind, Count count)
      throws AdminClient.RefusedException {
    String query = "?graceSec=" + settings.value(GRACE).toSeconds();
    JsonNode page = admin.get(path + query);
    while (true) {
      count.add(page.path("lookedAt").asInt());
      for (JsonNode found : page.path("data")) {
        remove(
            new DriftReport.Entry(kind, store, found.path("key").asText(), null, detail(found)),
            path + "/" + encoded(found.path("key").asText()) + query);
      }
      if (!page.has("next")) {
        return;
      }
      page = admin.get(path + query + "&cursor=" + encoded(page.path("next").asText()));
    }
  }

  private static String detail(JsonNode found) {
    String reason = found.path("reason").asText();
    return found.has("size")
        ? reason
            + ", "
            + found.path("size").asLong()
            + " bytes, "
            + found.path("writtenAt").asText()
        : reason + ", " + found.path("begunAt").asText();
  }

  private void remove(DriftReport.Entry entry, String path) {
    if (!settings.value(REPAIR)) {
      report.tell(entry, null, false);
      return;
    }
    try {
      admin.delete(path);
      report.tell(entry, "removed", true);
    } catch (AdminClient.RefusedException e) {
      report.tell(entry, String.valueOf(e.getMessage()), false);
    }
  }

  private static StoreProbe.Answer answered(Future<StoreProbe.Answer> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a probe failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
