#include "CEmbedded.h"

// The Python client, a file an entry.
static const embedded_python_file files[] = {
    {"traintui/__init__.py", (const unsigned char[]){
#embed "../PythonClient/traintui/__init__.py" suffix(, 0)
    }},
    {"traintui/_again.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_again.py" suffix(, 0)
    }},
    {"traintui/_auto.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_auto.py" suffix(, 0)
    }},
    {"traintui/_auto_keras.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_auto_keras.py" suffix(, 0)
    }},
    {"traintui/_beside.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_beside.py" suffix(, 0)
    }},
    {"traintui/_chance.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_chance.py" suffix(, 0)
    }},
    {"traintui/_changes.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_changes.py" suffix(, 0)
    }},
    {"traintui/_commands.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_commands.py" suffix(, 0)
    }},
    {"traintui/_divergence.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_divergence.py" suffix(, 0)
    }},
    {"traintui/_ending.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_ending.py" suffix(, 0)
    }},
    {"traintui/_engine.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_engine.py" suffix(, 0)
    }},
    {"traintui/_feed.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_feed.py" suffix(, 0)
    }},
    {"traintui/_follower.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_follower.py" suffix(, 0)
    }},
    {"traintui/_gate.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_gate.py" suffix(, 0)
    }},
    {"traintui/_guard.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_guard.py" suffix(, 0)
    }},
    {"traintui/_hub.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_hub.py" suffix(, 0)
    }},
    {"traintui/_interface.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_interface.py" suffix(, 0)
    }},
    {"traintui/_introduction.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_introduction.py" suffix(, 0)
    }},
    {"traintui/_journal.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_journal.py" suffix(, 0)
    }},
    {"traintui/_keras_optimizer.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_keras_optimizer.py" suffix(, 0)
    }},
    {"traintui/_loop.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_loop.py" suffix(, 0)
    }},
    {"traintui/_means.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_means.py" suffix(, 0)
    }},
    {"traintui/_meeting.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_meeting.py" suffix(, 0)
    }},
    {"traintui/_metrics.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_metrics.py" suffix(, 0)
    }},
    {"traintui/_network.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_network.py" suffix(, 0)
    }},
    {"traintui/_news.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_news.py" suffix(, 0)
    }},
    {"traintui/_numbers.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_numbers.py" suffix(, 0)
    }},
    {"traintui/_others.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_others.py" suffix(, 0)
    }},
    {"traintui/_parameters.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_parameters.py" suffix(, 0)
    }},
    {"traintui/_parent.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_parent.py" suffix(, 0)
    }},
    {"traintui/_past.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_past.py" suffix(, 0)
    }},
    {"traintui/_philox.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_philox.py" suffix(, 0)
    }},
    {"traintui/_place.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_place.py" suffix(, 0)
    }},
    {"traintui/_race.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_race.py" suffix(, 0)
    }},
    {"traintui/_recall.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_recall.py" suffix(, 0)
    }},
    {"traintui/_recorded.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_recorded.py" suffix(, 0)
    }},
    {"traintui/_rewind.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_rewind.py" suffix(, 0)
    }},
    {"traintui/_rules.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_rules.py" suffix(, 0)
    }},
    {"traintui/_samples.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_samples.py" suffix(, 0)
    }},
    {"traintui/_schedules.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_schedules.py" suffix(, 0)
    }},
    {"traintui/_server.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_server.py" suffix(, 0)
    }},
    {"traintui/_state.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_state.py" suffix(, 0)
    }},
    {"traintui/_stopper.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_stopper.py" suffix(, 0)
    }},
    {"traintui/_store.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_store.py" suffix(, 0)
    }},
    {"traintui/_subject.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_subject.py" suffix(, 0)
    }},
    {"traintui/_surroundings.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_surroundings.py" suffix(, 0)
    }},
    {"traintui/_talk.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_talk.py" suffix(, 0)
    }},
    {"traintui/_tape.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_tape.py" suffix(, 0)
    }},
    {"traintui/_tensors.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_tensors.py" suffix(, 0)
    }},
    {"traintui/_timeline.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_timeline.py" suffix(, 0)
    }},
    {"traintui/_told.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_told.py" suffix(, 0)
    }},
    {"traintui/_torch.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_torch.py" suffix(, 0)
    }},
    {"traintui/_training.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_training.py" suffix(, 0)
    }},
    {"traintui/_turns.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_turns.py" suffix(, 0)
    }},
    {"traintui/_variables.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_variables.py" suffix(, 0)
    }},
    {"traintui/_viewer.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_viewer.py" suffix(, 0)
    }},
    {"traintui/_watch.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_watch.py" suffix(, 0)
    }},
    {"traintui/_wire.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_wire.py" suffix(, 0)
    }},
    {"traintui/keras.py", (const unsigned char[]){
#embed "../PythonClient/traintui/keras.py" suffix(, 0)
    }},
    {"traintui/lightning.py", (const unsigned char[]){
#embed "../PythonClient/traintui/lightning.py" suffix(, 0)
    }},
    {"traintui/transformers.py", (const unsigned char[]){
#embed "../PythonClient/traintui/transformers.py" suffix(, 0)
    }},
    // By the name that Python looks for.
    {"sitecustomize.py", (const unsigned char[]){
#embed "../PythonClient/traintui/_sitecustomize.py" suffix(, 0)
    }},
};

const embedded_python_file *_Nullable embedded_python_file_at(size_t index) {
    return index < sizeof files / sizeof *files ? &files[index] : NULL;
}
