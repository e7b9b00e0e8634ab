package dev.parley.session.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.s3.UrlRequest;
import dev.parley.session.library.Library;
import dev.parley.session.library.LibraryObject;
import dev.parley.session.library.ObjectKind;
import dev.parley.session.library.ObjectRefusal;
import dev.parley.session.library.ObjectRetention;
import dev.parley.session.library.ObjectRules;
import dev.parley.session.library.ObjectState;
import dev.parley.session.library.Outcome;
import dev.parley.session.placement.Residency;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Objects and links in answers, and what is refused as problems. Stateless. */
final class ObjectViews {
  private ObjectViews() {}

  /**
   * An object.
   *
   * @param upload where its content is to be sent, if it is
   * @param judge says where it may be, and how long it is kept
   */
  static ObjectNode object(
      LibraryObject object, Library.@Nullable Link upload, ObjectRules.Judge judge) {
    ObjectNode node = Wire.object();
    LibraryObject.Content content = object.content();
    LibraryObject.Progress progress = object.progress();
    node.put("id", object.id());
    Wire.put(node, "kind", content.kind());
    Wire.put(node, "state", progress.state());
    if (progress.state().isThere()) {
      node.put("name", object.label().name());
      ObjectNode tags = node.putObject("tags");
      object.label().tags().forEach(tags::put);
      Wire.put(node, "attributes", object.label().attributes());
    }
    node.put("contentType", content.contentType());
    if (content.hasArrived()) {
      node.put("size", content.lengthBytes());
      node.put("sha256", HexFormat.of().formatHex(Base64.getDecoder().decode(content.sha256())));
    }
    boolean isRecording = content.kind() == ObjectKind.RECORDING;
    Wire.put(node, isRecording ? "manifest" : "thumbnail", content.thumbnail());
    LibraryObject.Place place = object.place();
    Wire.put(node, "conference", place.conference() == null ? null : place.conference().value());
    node.put("store", place.store());
    node.put("region", place.region());
    if (progress.state().isThere()) {
      residency(node, place.region(), judge.of(object));
      retention(node, object, judge.retention(object));
    }
    if (progress.state() == ObjectState.AVAILABLE) {
      node.put("verified", progress.isHashVerified() ? "sha256" : "size");
    }
    node.put("legalHold", object.keeping().isHeld());
    Wire.put(node, "retainUntil", object.keeping().retainUntil());
    Wire.put(node, "createdAt", progress.createdAt());
    Wire.put(node, "availableAt", progress.availableAt());
    Wire.put(node, "erasedAt", progress.erasedAt());
    if (progress.isExpired()) {
      node.put("erasedBy", "retention");
    }
    if (upload != null) {
      node.set("upload", upload(object, upload));
    }
    return node;
  }

  private static void residency(ObjectNode node, String region, Residency permitted) {
    if (!permitted.policies().isEmpty()) {
      ObjectNode residency = node.putObject("residency");
      ArrayNode policies = residency.putArray("policies");
      permitted.policies().forEach(policies::add);
      ArrayNode regions = residency.putArray("regions");
      permitted.named().forEach(regions::add);
      residency.put("permitted", permitted.permits(region));
    }
  }

  private static void retention(
      ObjectNode node, LibraryObject object, @Nullable ObjectRetention said) {
    if (said != null) {
      ObjectNode retention = node.putObject("retention");
      retention.put("days", said.days());
      Wire.put(retention, "from", said.from());
      Wire.put(retention, "until", said.until(object));
    }
  }

  static ObjectNode upload(LibraryObject object, Library.Link link) {
    ObjectNode node = Wire.object();
    node.put("method", "PUT");
    node.put("url", link.url());
    ObjectNode headers = node.putObject("headers");
    for (UrlRequest.Field header : Library.uploadRequest(object).headers()) {
      // Every client writes the length itself, and browsers let nobody else.
      if (!header.name().equals("content-length")) {
        headers.put(header.name(), header.value());
      }
    }
    Wire.put(node, "expiresAt", link.expiresAt());
    return node;
  }

  /**
   * One entry of a list of links: the link, or why there is none.
   *
   * @param object null if there is none with that id
   */
  static ObjectNode linkOrCode(
      String id,
      @Nullable LibraryObject object,
      Function<LibraryObject, Outcome<Library.Link>> signer) {
    Outcome<Library.Link> outcome =
        object == null ? new Outcome.Refused<>(new ObjectRefusal.NotFound()) : signer.apply(object);
    if (object != null && outcome instanceof Outcome.Done<Library.Link>(var link)) {
      return link(object, link);
    }
    ObjectNode none = Wire.object();
    none.put("id", id);
    if (outcome instanceof Outcome.Refused<Library.Link>(var refusal)) {
      none.put("code", problem(refusal).code());
    }
    return none;
  }

  static ObjectNode link(LibraryObject object, Library.Link link) {
    ObjectNode node = Wire.object();
    node.put("id", object.id());
    node.put("url", link.url());
    Wire.put(node, "expiresAt", link.expiresAt());
    node.put("store", object.place().store());
    node.put("region", object.place().region());
    return node;
  }

  /**
   * What a store is to answer with as Content-Disposition (RFC 6266): the name in ASCII for old
   * clients, and as it is (RFC 8187).
   */
  static String disposition(String type, String name) {
    String plain = name.replaceAll("[^ -~]", "_").replaceAll("[\"\\\\%/]", "_");
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return type + "; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded.replace("*", "%2A");
  }

  /** Returns what was done, or ends the request with the problem. */
  static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T> done -> done.value();
      case Outcome.Refused<T> refused -> throw problem(refused.refusal()).exception();
    };
  }

  static Problem problem(ObjectRefusal refusal) {
    return switch (refusal) {
      case ObjectRefusal.NotFound _ -> Problem.notFound("object");
      case ObjectRefusal.Erased _ ->
          new Problem(410, "object-erased", "Object erased", "The object was erased for good.");
      case ObjectRefusal.NotAvailable _ ->
          conflict(
              "object-pending",
              "Its content is not committed: PUT it to upload.url, then POST …/commit.");
      case ObjectRefusal.Lost _ ->
          conflict(
              "object-lost",
              "Its store has lost the content, or has something else, as its operator found out; if"
                  + " that is mended, POST …/commit makes it available again.");
      case ObjectRefusal.Absent _ ->
          conflict(
              "object-absent",
              "The store does not have it: PUT the content to upload.url, which GET of the object"
                  + " answers with, then commit again.");
      case ObjectRefusal.Different r ->
          conflict(
                  "object-differs",
                  "What the store has differs in "
                      + r.what()
                      + " from what was registered; upload that, or register what is there.")
              .with("differs", r.what());
      case ObjectRefusal.Kept r ->
          conflict(
                  "object-held",
                  r.isHeld()
                      ? "The object is on legal hold; PATCH legalHold to false first."
                      : "The object must be kept until " + r.until() + "; erase it then.")
              .with("until", r.until() == null ? null : r.until().toString());
      case ObjectRefusal.KeptWithOthers _ ->
          conflict(
              "object-held",
              "The object's conversation or channel is on legal hold; end that first (DELETE"
                  + " …/legal-hold).");
      case ObjectRefusal.KeyReused _ -> Refusals.keyReused();
      case ObjectRefusal.VersionMismatch r ->
          new Problem(
              412,
              "version-mismatch",
              "Changed meanwhile",
              "The version is now \"" + r.current() + "\"; read it again, then decide.");
      case ObjectRefusal.OfPlace r -> PlaceProblems.of(r);
    };
  }

  private static Problem conflict(String code, String detail) {
    return new Problem(409, code, "Conflict", detail);
  }
}
