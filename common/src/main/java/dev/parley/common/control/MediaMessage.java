package dev.parley.common.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a media server says to the session tier. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = Heartbeat.class, name = "heartbeat"),
  @JsonSubTypes.Type(value = StateReport.class, name = "state"),
  @JsonSubTypes.Type(value = Speakers.class, name = "speakers"),
  @JsonSubTypes.Type(value = Quality.class, name = "quality"),
  @JsonSubTypes.Type(value = CommandResult.class, name = "result"),
  @JsonSubTypes.Type(value = ProbeResult.class, name = "probe-result"),
  @JsonSubTypes.Type(value = UploadRequest.class, name = "upload")
})
public sealed interface MediaMessage extends ControlMessage
    permits Hello,
        Heartbeat,
        StateReport,
        Speakers,
        Quality,
        CommandResult,
        ProbeResult,
        UploadRequest {}
