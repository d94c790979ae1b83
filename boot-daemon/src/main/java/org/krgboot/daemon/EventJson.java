package org.krgboot.daemon;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.model.BootEvent;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * Events as JSON, in the journal and in the API. The shared model has no annotations, so they are
 * here; the names of the kinds are part of the file format and do not change.
 */
public final class EventJson {
  public static final ObjectMapper MAPPER = mapper();

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = BootEvent.AddressOffered.class, name = "address-offered"),
    @JsonSubTypes.Type(value = BootEvent.AddressAcknowledged.class, name = "address-acknowledged"),
    @JsonSubTypes.Type(value = BootEvent.AddressRefused.class, name = "address-refused"),
    @JsonSubTypes.Type(value = BootEvent.AddressReturned.class, name = "address-returned"),
    @JsonSubTypes.Type(value = BootEvent.FileSent.class, name = "file-sent"),
    @JsonSubTypes.Type(value = BootEvent.FileRefused.class, name = "file-refused"),
    @JsonSubTypes.Type(value = BootEvent.RootMounted.class, name = "root-mounted"),
    @JsonSubTypes.Type(value = BootEvent.MountRefused.class, name = "mount-refused"),
    @JsonSubTypes.Type(value = BootEvent.RootFirstRead.class, name = "root-first-read"),
    @JsonSubTypes.Type(value = BootEvent.OtherOfferTaken.class, name = "other-offer-taken"),
    @JsonSubTypes.Type(value = BootEvent.InitNotFound.class, name = "init-not-found"),
    @JsonSubTypes.Type(value = BootEvent.InitRead.class, name = "init-read"),
    @JsonSubTypes.Type(value = BootEvent.LoginStarted.class, name = "login-started"),
    @JsonSubTypes.Type(value = BootEvent.NodeOrdered.class, name = "node-ordered"),
    @JsonSubTypes.Type(value = BootEvent.ConfigurationRead.class, name = "configuration-read")
  })
  private interface Kinds {}

  private EventJson() {}

  private static ObjectMapper mapper() {
    SimpleModule words = new SimpleModule();
    word(words, MacAddress.class, MacAddress::parse);
    word(words, Ipv4.class, Ipv4::parse);
    word(words, NodeName.class, NodeName::new);
    word(words, Instant.class, Instant::parse);
    word(words, Duration.class, Duration::parse);
    return new ObjectMapper()
        .registerModule(words)
        .addMixIn(BootEvent.class, Kinds.class)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  private static <T> void word(SimpleModule module, Class<T> type, Function<String, T> parser) {
    module.addSerializer(type, ToStringSerializer.instance);
    module.addDeserializer(
        type,
        new FromStringDeserializer<T>(type) {
          @Override
          protected T _deserialize(String text, DeserializationContext context) {
            return parser.apply(text);
          }
        });
  }

  static String write(BootEvent event) {
    try {
      return MAPPER.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new AssertionError("every event has a JSON form", e);
    }
  }

  /** Reads one event; empty if a later version wrote a kind that this one does not know. */
  static Optional<BootEvent> read(String json) {
    try {
      return Optional.of(MAPPER.readValue(json, BootEvent.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
