package dev.parley.session.object.directory;

/**
 * Why the directory store refuses; names and statuses as S3 has them, where it has one. Immutable.
 */
enum StoreError {
  MALFORMED(400, "InvalidURI", "Path or query cannot be read."),
  METHOD(405, "MethodNotAllowed", "No such request is known here."),
  UNSIGNED(403, "AccessDenied", "The URL is not signed."),
  INCOMPLETE(403, "AuthorizationQueryParametersError", "The signature's parameters are not whole."),
  FOREIGN(
      403, "InvalidAccessKeyId", "Signed with a key, or for a region, that is not this store's."),
  EXPIRED(403, "AccessDenied", "Request has expired; ask for a new URL."),
  TOO_EARLY(403, "RequestTimeTooSkewed", "Signed for later; compare the clocks."),
  WRONG(
      403,
      "SignatureDoesNotMatch",
      "Something differs from what was signed: method, path, query, or a header that goes with"
          + " it."),
  NO_BUCKET(404, "NoSuchBucket", "There is no such bucket."),
  NO_KEY(404, "NoSuchKey", "There is no such object."),
  NO_UPLOAD(404, "NoSuchUpload", "It was never begun, or is completed, or was given up."),
  BAD_KEY(400, "InvalidArgument", "An object's name is 1 to 1024 letters, digits and -_.!*'()/."),
  NO_LENGTH(411, "MissingContentLength", "Say the length: Content-Length."),
  TOO_LARGE(413, "EntityTooLarge", "More than this store takes as one object."),
  FULL(507, "InsufficientStorage", "The store is full: remove objects, or raise bytes-max."),
  CUT(400, "IncompleteBody", "Fewer bytes came than were announced."),
  BAD_HASH(400, "BadDigest", "The content's SHA-256 is not the announced one; nothing was kept."),
  BAD_HASH_TEXT(400, "InvalidDigest", "x-amz-checksum-sha256 is 32 bytes in base64."),
  BAD_TYPE(400, "InvalidArgument", "Content-Type is at most 255 visible ASCII characters."),
  BAD_LISTING(
      400, "InvalidArgument", "max-keys is 1 to 1000, continuation-token what a page named next."),
  BAD_PART_NUMBER(400, "InvalidArgument", "Parts are numbered from 1 to 10000."),
  BAD_LIST(400, "MalformedXML", "The body is no list of parts."),
  BAD_ORDER(400, "InvalidPartOrder", "Parts are listed in ascending order."),
  BAD_PART(400, "InvalidPart", "One of the parts is not here, or is another."),
  SMALL_PART(400, "EntityTooSmall", "Each part but the last has 5 MiB at least."),
  FAILED(500, "InternalError", "The disk failed; see the log.");

  private final int status;
  private final String code;
  private final String message;

  StoreError(int status, String code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }

  int status() {
    return status;
  }

  /** The body of the answer, as S3's clients read it. */
  String xml() {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
        + code
        + "</Code><Message>"
        + message
        + "</Message></Error>\n";
  }
}
