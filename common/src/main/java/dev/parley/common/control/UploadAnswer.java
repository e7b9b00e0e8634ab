package dev.parley.common.control;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The session tier's answer to an {@link UploadRequest}.
 *
 * @param id the question's
 */
public record UploadAnswer(long id, Outcome outcome) implements SessionMessage {
  private static final int URL_LENGTH_MAX = 8192;
  private static final int HEADERS_MAX = 8;
  private static final int PLACE_LENGTH_MAX = 1024;
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{43}=");

  public UploadAnswer {
    Ranges.requireAtLeast(1, id, "id");
    requireNonNull(outcome, "outcome");
  }

  /** What came of it. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Key.class, name = "key"),
    @JsonSubTypes.Type(value = Located.class, name = "located"),
    @JsonSubTypes.Type(value = Signed.class, name = "signed"),
    @JsonSubTypes.Type(value = Available.class, name = "available"),
    @JsonSubTypes.Type(value = Different.class, name = "different"),
    @JsonSubTypes.Type(value = Unwanted.class, name = "unwanted"),
    @JsonSubTypes.Type(value = Later.class, name = "later")
  })
  public sealed interface Outcome
      permits Key, Located, Signed, Available, Different, Unwanted, Later {}

  /**
   * The recording's key.
   *
   * @param key 32 bytes in base64
   */
  public record Key(String key) implements Outcome {
    public Key {
      if (!KEY.matcher(requireNonNull(key, "key")).matches()) {
        throw new IllegalArgumentException("key is no 32 bytes in base64");
      }
    }

    /** Does not show it. */
    @Override
    public String toString() {
      return "Key[]";
    }
  }

  /** Where the track's objects belong. */
  public record Located(Place audio, Place manifest) implements Outcome {
    public Located {
      requireNonNull(audio, "audio");
      requireNonNull(manifest, "manifest");
    }
  }

  /**
   * An object's place in a store.
   *
   * @param store what the session tier calls the store
   * @param origin scheme and authority (RFC 6454) by which media servers reach it
   * @param path of the bucket: empty, or begins but does not end with a slash
   * @param region as the store calls its own, for signatures
   * @param key the object's name in the bucket
   */
  public record Place(String store, String origin, String path, String region, String key) {
    public Place {
      requireShort(store, "store");
      requireShort(origin, "origin");
      requireShort(path, "path");
      requireShort(region, "region");
      requireShort(key, "key");
    }

    private static void requireShort(String value, String field) {
      if (requireNonNull(value, field).length() > PLACE_LENGTH_MAX) {
        throw new IllegalArgumentException(field + " is too long");
      }
    }
  }

  /** The requests that were wished, in their order. */
  public record Signed(List<StoreRequest> requests) implements Outcome {
    public Signed {
      requests = List.copyOf(requests);
      Ranges.requireBetween(1, UploadRequest.STEPS_MAX, requests.size(), "requests");
    }
  }

  /** The track's objects are available: nothing of it need be kept. */
  public record Available() implements Outcome {}

  /** The store has not what was announced; it is to be sent again from the beginning. */
  public record Different(String detail) implements Outcome {
    public Different {
      requireNonNull(detail, "detail");
    }
  }

  /** The track was erased or given up: nothing of it need be kept, and nothing more be sent. */
  public record Unwanted() implements Outcome {}

  /** Not now: the recording is not known, or a store does not answer. Ask again in a while. */
  public record Later(String detail) implements Outcome {
    public Later {
      requireNonNull(detail, "detail");
    }
  }

  /** A header of a request (RFC 9110, section 5). */
  public record Header(String name, String value) {
    public Header {
      Ranges.requireToken(name, "name");
      requireNonNull(value, "value");
    }
  }

  /**
   * A request to a store, whose URL is a right for a while and is not to be logged.
   *
   * @param method GET, PUT, POST or DELETE
   * @param headers that must be sent as they are
   */
  public record StoreRequest(String method, String url, List<Header> headers) {
    public StoreRequest {
      Ranges.requireToken(method, "method");
      if (requireNonNull(url, "url").length() > URL_LENGTH_MAX) {
        throw new IllegalArgumentException("url is too long");
      }
      headers = List.copyOf(headers);
      Ranges.requireBetween(0, HEADERS_MAX, headers.size(), "headers");
    }

    /** Does not show what is not to be logged. */
    @Override
    public String toString() {
      return "StoreRequest[" + method + "]";
    }
  }
}
