package dev.parley.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.config.Setting;
import dev.parley.common.config.SettingType;
import dev.parley.common.config.Settings;
import dev.parley.session.audit.AuditChain;
import dev.parley.session.audit.AuditEntry;
import dev.parley.session.audit.AuditLink;
import dev.parley.session.audit.AuditVerification;
import java.io.PrintStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The command line of {@code ./parley audit}: shows the audit log, and checks its chains. */
final class Audit {
  private static final int PAGE = 100;

  private static final Setting<Optional<String>> DAY =
      Setting.of(
          "day",
          "The last day to look at, in UTC; today if it is left out.",
          SettingType.optional(
              SettingType.text("such as 2026-11-22", "[0-9]{4}-[0-9]{2}-[0-9]{2}")),
          "");

  private static final Setting<Integer> DAYS =
      Setting.of(
          "days", "How many days, up to that one.", SettingType.integer(1, 3_650, "days"), "1");

  private static final OperatorCommand COMMAND =
      new OperatorCommand(
          "audit",
          List.of("list", "verify"),
          List.of(DAY, DAYS, SessionSettings.ADMIN_ADDRESS, SessionSettings.ADMIN_PORT));

  private final AdminClient admin;
  private final PrintStream out;

  private Audit(AdminClient admin, PrintStream out) {
    this.admin = admin;
    this.out = out;
  }

  /** See {@link #run} for the exit status. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  /**
   * Returns 0 if it is done and no chain is broken, 1 if one is or there is no service, 2 if it was
   * asked wrong.
   */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    return COMMAND.run(
        arguments,
        environment,
        out,
        err,
        (action, settings, admin) -> {
          Audit audit = new Audit(admin, out);
          return action.equals("list") ? audit.list(settings) : audit.verify(settings);
        });
  }

  private int list(Settings settings) throws AdminClient.RefusedException {
    for (LocalDate day : days(settings)) {
      forEachLink(day, link -> link.entries().forEach(entry -> out.println(line(entry))));
    }
    return 0;
  }

  private int verify(Settings settings) throws AdminClient.RefusedException {
    boolean areWhole = true;
    for (LocalDate day : days(settings)) {
      Map<Integer, AuditVerification> chains = new TreeMap<>();
      forEachLink(
          day,
          link ->
              chains
                  .computeIfAbsent(
                      link.chain().shard(), shard -> new AuditVerification(link.chain()))
                  .add(link));
      for (Map.Entry<Integer, AuditVerification> chain : chains.entrySet()) {
        AuditVerification verified = chain.getValue();
        String fault = verified.fault();
        areWhole &= fault == null;
        out.println(
            day
                + "/"
                + chain.getKey()
                + "  "
                + verified.linkCount()
                + " links  "
                + verified.entryCount()
                + " entries  head "
                + verified.head()
                + (fault == null ? "" : "  BROKEN at " + fault));
      }
    }
    out.println(
        areWhole ? "no chain is broken" : "BROKEN: what follows the broken link proves nothing");
    return areWhole ? 0 : 1;
  }

  private List<LocalDate> days(Settings settings) throws AdminClient.RefusedException {
    // The service's day, for this machine's clock may be another's.
    LocalDate last =
        LocalDate.parse(
            settings.value(DAY).isPresent()
                ? settings.value(DAY).get()
                : admin.get("/admin/audit?limit=1").path("day").asText());
    List<LocalDate> days = new ArrayList<>();
    for (int back = settings.value(DAYS) - 1; back >= 0; back--) {
      days.add(last.minusDays(back));
    }
    return days;
  }

  private void forEachLink(LocalDate day, Consumer<AuditLink> visit)
      throws AdminClient.RefusedException {
    admin.forEach("/admin/audit?limit=" + PAGE + "&day=" + day, link -> visit.accept(link(link)));
  }

  private static AuditLink link(JsonNode link) {
    List<AuditEntry> entries = new ArrayList<>();
    for (JsonNode entry : link.path("entries")) {
      entries.add(
          new AuditEntry(
              Instant.parse(entry.path("at").asText()),
              entry.path("tenant").asText(),
              entry.path("actor").asText(),
              entry.path("action").asText(),
              entry.path("object").asText(),
              entry.path("outcome").asText(),
              entry.path("requestId").asText()));
    }
    return new AuditLink(
        new AuditChain(LocalDate.parse(link.path("day").asText()), link.path("shard").asInt()),
        link.path("number").asLong(),
        link.path("previous").asText(),
        entries,
        link.path("hash").asText());
  }

  private static String line(AuditEntry entry) {
    return String.join(
        "  ",
        entry.at().toString(),
        entry.tenant(),
        entry.actor(),
        entry.action(),
        entry.object(),
        entry.outcome(),
        entry.requestId());
  }
}
