package org.passerelle.identification.screening.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.passerelle.identification.screening.Instrument;

/**
 * Every instrument in every version that was ever in use, read from {@code instruments/} once. A fault in one of them
 * stops the start: a service must not ask questions whose rules it cannot read.
 */
@ApplicationScoped
public class Instruments {

    private final List<Instrument> all;

    public Instruments() {
        // Unknown properties fail: a misspelt one must not be passed over in silence.
        ObjectMapper strict = JsonMapper.builder().build();
        all = List.of(read(strict, "index.json", String[].class)).stream()
                .map(name -> read(strict, name + ".json", Instrument.class))
                .toList();
    }

    /** The newest version of an instrument. */
    public Optional<Instrument> newest(String id) {
        return all.stream().filter(one -> one.id().equals(id)).max(Comparator.comparingInt(Instrument::version));
    }

    public Optional<Instrument> find(String id, int version) {
        return all.stream()
                .filter(one -> one.id().equals(id) && one.version() == version)
                .findFirst();
    }

    private static <T> T read(ObjectMapper mapper, String name, Class<T> type) {
        String path = "/instruments/" + name;
        try (InputStream in = Instruments.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new FileNotFoundException(path);
            }
            return mapper.readValue(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}
