package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.admin.AdminPart;
import dev.parley.session.audit.AuditChain;
import dev.parley.session.audit.AuditLink;
import dev.parley.session.audit.AuditLog;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading the audit log, for the operator. Thread-safe. */
final class AuditRoutes {
  private static final int PAGE_DEFAULT = 20;
  private static final int PAGE_MAX = 100;

  private final AuditLog log;
  private final Cursors cursors;

  AuditRoutes(AuditLog log, Cursors cursors) {
    this.log = log;
    this.cursors = cursors;
  }

  void register(AdminApi api) {
    api.on("GET", "/admin/audit", this::list);
  }

  /** Where a page begins: after a link of one of the day's chains. */
  private record Position(int shard, long after) {
    static Position parse(@Nullable String text) {
      if (text == null) {
        return new Position(0, 0);
      }
      int slash = text.indexOf('/');
      return new Position(
          Integer.parseInt(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
    }
  }

  private AdminPart.Answer list(AdminCall call) {
    LocalDate day = day(call.query("day"));
    int limit = call.integer("limit", 1, PAGE_MAX, PAGE_DEFAULT);
    String filters = "audit " + day;
    Position position = Position.parse(call.position(cursors, filters));
    List<AuditLink> links = new ArrayList<>();
    int shard = position.shard();
    long after = position.after();
    while (links.size() < limit && shard < AuditChain.SHARD_COUNT) {
      List<AuditLink> more = log.links(new AuditChain(day, shard), after, limit - links.size());
      links.addAll(more);
      if (links.size() == limit) {
        after = links.getLast().number();
      } else {
        shard++;
        after = 0;
      }
    }
    ObjectNode answer = Wire.object();
    answer.put("day", day.toString());
    ArrayNode data = answer.putArray("data");
    links.forEach(link -> data.add(Views.auditLink(link)));
    if (shard < AuditChain.SHARD_COUNT) {
      answer.put("next", cursors.sign(shard + "/" + after, filters));
    }
    return AdminApi.json(200, answer);
  }

  private LocalDate day(@Nullable String text) {
    try {
      return text == null ? log.today() : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw Problem.invalid("query:day", "must be a day, such as 2026-11-22").exception();
    }
  }
}
