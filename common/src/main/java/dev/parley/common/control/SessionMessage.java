package dev.parley.common.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the session tier says to a media server. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Welcome.class, name = "welcome"),
  @JsonSubTypes.Type(value = Command.class, name = "command"),
  @JsonSubTypes.Type(value = Acknowledge.class, name = "acknowledge"),
  @JsonSubTypes.Type(value = Probe.class, name = "probe"),
  @JsonSubTypes.Type(value = Fence.class, name = "fence"),
  @JsonSubTypes.Type(value = UploadAnswer.class, name = "upload-answer")
})
public sealed interface SessionMessage extends ControlMessage
    permits Welcome, Command, Acknowledge, Probe, Fence, UploadAnswer {}
