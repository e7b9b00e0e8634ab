package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.access.Caller;
import dev.parley.session.access.Scope;
import dev.parley.session.usage.Figures;
import dev.parley.session.usage.UsageReports;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** What a tenant has used. Thread-safe. */
final class UsageRoutes {
  private static final int LIMIT_MAX = 200;
  private static final int LIMIT_DEFAULT = 50;
  private static final int DAYS_MAX = 3_700;
  private static final int DAYS_DEFAULT = 31;
  private static final double MS_PER_MINUTE = 60_000;
  private static final int MONTH_LENGTH = "2026-11".length();

  private final UsageReports reports;
  private final Gate gate;
  private final Quotas quotas;
  private final Cursors cursors;

  UsageRoutes(UsageReports reports, Gate gate, Quotas quotas, Cursors cursors) {
    this.reports = reports;
    this.gate = gate;
    this.quotas = quotas;
    this.cursors = cursors;
  }

  void register(RoutesConfig routes) {
    routes.get("/v1/usage", this::list);
  }

  private void list(Context context) {
    Caller.Backend backend = gate.backend(context, Scope.USAGE);
    quotas.take(context, Quotas.LIST, backend.tenant());
    UsageReports.Granularity granularity =
        Objects.requireNonNullElse(
            Queries.choice(context, "granularity", UsageReports.Granularity.class, null),
            UsageReports.Granularity.DAY);
    LocalDate to = Queries.day(context, "to", reports.today().plusDays(1));
    LocalDate from = Queries.day(context, "from", to.minusDays(DAYS_DEFAULT));
    if (ChronoUnit.DAYS.between(from, to) > DAYS_MAX) {
      throw Problem.invalid("query:from", "must be at most " + DAYS_MAX + " days before to")
          .exception();
    }
    int limit = Queries.integer(context, "limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
    String region = context.queryParam("region");
    String filters =
        String.join(
            " ",
            "usage",
            backend.tenant(),
            from.toString(),
            to.toString(),
            granularity.toString(),
            region == null ? "" : region);
    String position = cursors.position(context, filters);
    LocalDate begin = position == null ? from : LocalDate.parse(position);
    UsageReports.Page page =
        reports.page(
            new UsageReports.Wish(backend.tenant(), begin, to, region, granularity), limit);
    ObjectNode answer = Wire.object();
    ArrayNode data = answer.putArray("data");
    page.lines().forEach(line -> data.add(view(line, granularity)));
    if (page.next() != null) {
      String next = cursors.sign(page.next().toString(), filters);
      answer.put("next", next);
      context.header("Link", Queries.nextLink(context, next));
    }
    Responses.json(context, answer);
  }

  private static ObjectNode view(UsageReports.Line line, UsageReports.Granularity granularity) {
    String day = line.period().toString();
    Figures figures = line.figures();
    return Wire.object()
        .put(
            "period",
            granularity == UsageReports.Granularity.MONTH ? day.substring(0, MONTH_LENGTH) : day)
        .put("region", line.region())
        .put("conferences", figures.conferences())
        .put("participants", figures.participants())
        .put("participantMinutes", minutes(figures.participantMs()))
        .put("mixedMinutes", minutes(figures.mixedMs()))
        .put("forwardedMinutes", minutes(figures.forwardedMs()))
        .put("peakParticipants", line.peak())
        .put("messages", figures.messages())
        .put("webhookMessages", figures.webhookMessages());
  }

  private static double minutes(long ms) {
    return Math.round(ms / MS_PER_MINUTE * 100) / 100.0;
  }
}
