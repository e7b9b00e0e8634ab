package dev.parley.session;

import dev.parley.common.metrics.Metrics;
import dev.parley.session.access.Pseudonyms;
import dev.parley.session.access.RandomText;
import dev.parley.session.access.ServiceSecret;
import dev.parley.session.audit.AuditEntry;
import dev.parley.session.audit.AuditLog;
import dev.parley.session.conference.PersonTraces;
import dev.parley.session.erasure.Erasure;
import dev.parley.session.erasure.Erasures;
import dev.parley.session.store.ErasureItems;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WebhookItems;
import dev.parley.session.webhook.DeliveryTraces;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What erases people. */
final class ErasureParts {
  private static final int ID_LENGTH = 16;

  private ErasureParts() {}

  /** Builds it; receipts are kept as long as the audit log. */
  static Erasures of(
      ItemStore ops,
      ConferenceParts calls,
      LibraryParts library,
      AccessParts access,
      Duration keep) {
    ConferenceParts.Ground ground = calls.ground();
    Erasures.Places places =
        new Erasures.Places(
            ground.store(),
            new PersonTraces(ground.store(), ground.clock(), calls.participants()),
            library.messages(),
            library.files(),
            library.recorded(),
            library.filing().conversations(),
            new DeliveryTraces(new WebhookItems(ops)),
            ground.events()::forget);
    byte[] idKey = access.secret().derive("erasure-id");
    Erasures.Names names =
        new Erasures.Names(
            (tenant, key) -> id(idKey, tenant, key), new Pseudonyms(access.secret())::of);
    return new Erasures(
        new ErasureItems(ops),
        places,
        names,
        ground.clock(),
        keep,
        erasure -> record(access.auditLog(), erasure));
  }

  static void register(Metrics metrics, Erasures erasures) {
    metrics.counter("parley.erasures", "Erasures that are done", erasures::doneCount);
  }

  private static void record(AuditLog log, Erasure erasure) {
    AuditEntry entry =
        new AuditEntry(
            log.now(),
            erasure.tenant(),
            "erasure",
            "erasure done",
            "/v1/erasures/" + erasure.id(),
            "200",
            "-");
    if (!log.record(entry)) {
      // The erasure is not over before this is written.
      throw new StoreUnavailableException("the audit log did not take an entry", null);
    }
  }

  private static String id(byte[] idKey, String tenant, @Nullable String key) {
    if (key == null) {
      return "er_" + RandomText.base64(ID_LENGTH);
    }
    byte[] message = (tenant + '\0' + key).getBytes(StandardCharsets.UTF_8);
    byte[] hash = Arrays.copyOf(ServiceSecret.hmac(idKey, message), ID_LENGTH);
    return "er_" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }
}
